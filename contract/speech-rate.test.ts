import { expect, it } from "vitest";
import { narratingSeconds, speakingSeconds, speechRate } from "./speech-rate.ts";

/** Seconds that the simulator's voice `sage` takes, from its first sound to its last; measured 2026-11-27. */
const measured: readonly [language: string, seconds: number, text: string][] = [
  [
    "en",
    10.5,
    "I was flying over a city made of glass, and every window held a different season. When I landed, my grandmother was waiting with a lantern beside the river.",
  ],
  [
    "de",
    9.3,
    "Ich flog über eine Stadt aus Glas, und in jedem Fenster war eine andere Jahreszeit. Als ich landete, wartete meine Großmutter mit einer Laterne am Fluss.",
  ],
  [
    "fr",
    9.7,
    "Je volais au-dessus d'une ville de verre, et chaque fenêtre gardait une autre saison. Quand je me suis posé, ma grand-mère m'attendait avec une lanterne au bord de la rivière.",
  ],
  [
    "es",
    10.4,
    "Volaba sobre una ciudad de cristal, y cada ventana guardaba una estación distinta. Cuando aterricé, mi abuela me esperaba con un farol junto al río.",
  ],
  [
    "ja",
    11.1,
    "わたしはガラスのまちのうえをとんでいて、どのまどにもちがうきせつがあった。 おりたつと、かわのそばでそぼがランプをもってまっていた。",
  ],
  [
    "hi",
    10.2,
    "मैं काँच के शहर के ऊपर उड़ रहा था, और हर खिड़की में एक अलग मौसम था। जब मैं उतरा, मेरी दादी नदी के किनारे लालटेन लेकर खड़ी थीं।",
  ],
  ["zh", 7.6, "我飞过一座玻璃做的城市，每扇窗里都是不同的季节。 我落地的时候，奶奶提着灯笼在河边等我。"],
  [
    "ar",
    9.2,
    "كنت أطير فوق مدينة من زجاج، وفي كل نافذة فصل مختلف. عندما هبطت كانت جدتي تنتظرني بجانب النهر ومعها فانوس.",
  ],
  [
    "it",
    10.6,
    "Volavo sopra una città di vetro, e ogni finestra aveva una stagione diversa. Quando atterrai, mia nonna mi aspettava con una lanterna accanto al fiume.",
  ],
  [
    "pt",
    10.9,
    "Eu voava sobre uma cidade de vidro, e cada janela tinha uma estação diferente. Quando pousei, minha avó me esperava com uma lanterna ao lado do rio.",
  ],
  [
    "ru",
    8.3,
    "Я летел над городом из стекла, и в каждом окне было другое время года. Когда я приземлился, моя бабушка ждала меня с фонарём у реки.",
  ],
  [
    "pl",
    11.1,
    "Leciałem nad miastem ze szkła, a w każdym oknie była inna pora roku. Kiedy wylądowałem, moja babcia czekała z latarnią nad rzeką.",
  ],
  [
    "nl",
    9.9,
    "Ik vloog over een stad van glas, en in elk raam was een ander seizoen. Toen ik landde, wachtte mijn grootmoeder met een lantaarn bij de rivier.",
  ],
  [
    "sv",
    9.8,
    "Jag flög över en stad av glas, och i varje fönster fanns en annan årstid. När jag landade väntade min mormor med en lykta vid floden.",
  ],
  [
    "tr",
    11.5,
    "Camdan bir şehrin üzerinde uçuyordum ve her pencerede başka bir mevsim vardı. Yere indiğimde büyükannem nehrin yanında bir fenerle bekliyordu.",
  ],
  [
    "ko",
    9.6,
    "나는 유리로 만든 도시 위를 날고 있었고, 창문마다 다른 계절이 있었다. 내가 내려앉았을 때 할머니가 강가에서 등불을 들고 기다리고 있었다.",
  ],
  ["he", 7.7, "טסתי מעל עיר של זכוכית, ובכל חלון הייתה עונה אחרת. כשנחתתי סבתא שלי חיכתה ליד הנהר עם פנס."],
  [
    "el",
    9.7,
    "Πετούσα πάνω από μια πόλη από γυαλί, και κάθε παράθυρο είχε άλλη εποχή. Όταν προσγειώθηκα, η γιαγιά μου περίμενε με ένα φανάρι δίπλα στο ποτάμι.",
  ],
  [
    "uk",
    8.1,
    "Я летів над містом зі скла, і в кожному вікні була інша пора року. Коли я приземлився, моя бабуся чекала з ліхтарем біля річки.",
  ],
  [
    "fa",
    11.9,
    "بر فراز شهری از شیشه پرواز می‌کردم و هر پنجره فصل دیگری داشت. وقتی فرود آمدم مادربزرگم با فانوسی کنار رودخانه منتظر بود.",
  ],
  [
    "cs",
    9.5,
    "Letěl jsem nad městem ze skla a v každém okně bylo jiné roční období. Když jsem přistál, babička čekala s lucernou u řeky.",
  ],
  [
    "fi",
    10.9,
    "Lensin lasisen kaupungin yllä, ja jokaisessa ikkunassa oli eri vuodenaika. Kun laskeuduin, isoäiti odotti lyhdyn kanssa joen rannalla.",
  ],
  [
    "hu",
    10.2,
    "Egy üvegváros felett repültem, és minden ablakban más évszak volt. Amikor leszálltam, a nagymamám lámpással várt a folyónál.",
  ],
];

// With 4 syllables a second for the languages without a pace of their own, Greek was 44 % too long.
it.each(measured)(
  "tells how long a voice says a passage in %s within 15 per cent",
  (language, seconds, text) => {
    for (const asked of [language, "auto"])
      expect(Math.abs(speakingSeconds(text, asked) / seconds - 1), asked).toBeLessThan(0.15);
  },
);

/**
 * The same voice, measured 2026-11-28. A figure was counted as one and a half syllables: 30 to 45 % too
 * short.
 */
it.each([
  ["en", 3.15, "Then the bell of house 157 rang."],
  ["de", 4.57, "Dann läutete die Glocke von Haus 1987 im Dorf."],
  ["fr", 3.2, "Puis la cloche de la maison 1987 sonna."],
  ["es", 3.52, "Luego sonó la campana de la casa 157 otra vez."],
  ["ru", 2.66, "Потом зазвонил колокол дома 57 опять."],
  ["zh", 2.65, "然后157号房子的钟响了。"],
] as const)("tells how long a voice says figures in %s within 20 per cent", (language, seconds, text) => {
  expect(Math.abs(speakingSeconds(text, language) / seconds - 1)).toBeLessThan(0.2);
});

it("plans as many words a second as the transcript's own sentences have", () => {
  const [, , text] = measured[0] as (typeof measured)[number];
  const { wordsPerSecond, syllablesPerSecond } = speechRate(text, "auto");
  expect(wordsPerSecond).toBeCloseTo(text.split(" ").length / speakingSeconds(text, "en"));
  const long = speechRate(
    "Everybody remembered the immeasurable universities; grandmother disappeared. ".repeat(3),
    "en",
  );
  expect(long.wordsPerSecond).toBeLessThan(wordsPerSecond * 0.7);
  expect(long.syllablesPerSecond / syllablesPerSecond).toBeGreaterThan(0.9);
});

it("counts the pauses within a text, but not those from scene to scene", () => {
  const text = "I flew over the sea. Then I fell into the water. Nobody came.";
  expect(speakingSeconds(text, "en") - speakingSeconds(text.replaceAll(".", ""), "en")).toBeCloseTo(0.8);
  expect(narratingSeconds(text, "auto", 1)).toBeCloseTo(speakingSeconds(text, "en"));
  expect(narratingSeconds(text, "auto", 3)).toBeCloseTo(speakingSeconds(text.replaceAll(".", ""), "en"));
  expect(narratingSeconds(text, "auto", 9)).toBeGreaterThan(0);
});

it("gives a translation the words of its transcript at its language's pace", () => {
  const text = "I flew over the sea and a whale sang to me of the town below, and I woke with cold feet.";
  expect(narratingSeconds(text, "fr", 1)).toBeCloseTo((text.split(" ").length * 1.71) / 5.7);
});
