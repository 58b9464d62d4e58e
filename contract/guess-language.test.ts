import { expect, it } from "vitest";
import { guessLanguage } from "./guess-language.ts";

it.each([
  ["en", "When I landed, my grandmother was waiting with a lantern beside the river."],
  ["de", "Als ich landete, wartete meine Großmutter mit einer Laterne am Fluss."],
  ["fr", "Personne ne parla avant que la baleine se mette à chanter et que les lampes du port s'éteignent."],
  ["es", "Cuando aterricé, mi abuela me esperaba con un farol junto al río."],
  ["it", "Quando atterrai, mia nonna mi aspettava con una lanterna accanto al fiume."],
  ["pt", "Quando pousei, minha avó me esperava com uma lanterna ao lado do rio."],
  ["nl", "Toen ik landde, wachtte mijn grootmoeder met een lantaarn bij de rivier."],
  ["sv", "Gatan blev till långsamt grönt vatten. Sedan började valen sjunga."],
  ["pl", "Kiedy wylądowałem, moja babcia czekała z latarnią nad rzeką, a ja się nie bałem."],
  ["cs", "Když jsem přistál, babička čekala s lucernou u řeky."],
  ["fi", "Kun laskeuduin, isoäiti odotti lyhdyn kanssa joen rannalla."],
  ["hu", "Amikor leszálltam, a nagymamám lámpással várt a folyónál."],
  ["tr", "Sokak yavaş yeşil bir suya dönüştü. Sonra balina şarkı söylemeye başladı."],
  ["ru", "Я летел над городом из стекла."],
  ["uk", "Вулиця перетворилася на повільну зелену воду, і кит почав співати."],
  ["el", "Πετούσα πάνω από μια πόλη από γυαλί."],
  ["he", "טסתי מעל עיר של זכוכית."],
  ["ar", "كنت أطير فوق مدينة من زجاج."],
  ["fa", "وقتی فرود آمدم مادربزرگم با فانوسی کنار رودخانه منتظر بود. پرواز می‌کردم و گریه"],
  ["ko", "나는 유리로 만든 도시 위를 날고 있었다."],
  ["ja", "私は銀色の海の上を飛んでいた。"],
  ["zh", "我飞过一座玻璃城市。"],
  ["und", "Bzzz!"],
])("knows %s", (language, text) => {
  expect(guessLanguage(text)).toBe(language);
});
