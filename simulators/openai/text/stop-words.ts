/** Small words by language. They identify a text's language and have no meaning for its picture. */
export const smallWords: Readonly<Record<string, string>> = {
  en: "the and was were i my to of in it that with had is he she they not at on for his her a be you me from",
  de: "der die das und ich war ist nicht ein eine mit auf den dem es sie er wir zu von im mir mich als wie",
  fr: "le la les et je un une des dans était il elle que qui pas mon ma au du de nous avec sur est j ai",
  es: "el la los las y yo un una en que de con mi era estaba no se por del al su me lo había como",
  it: "il lo la gli e io un una che di con mi era non si per del nella mio mia ero su le sono della",
  pt: "o a os as e eu um uma que de com meu minha era não se por do da no na em estava foi",
  nl: "de het een en ik was van niet met op zijn dat mijn in er we ze hij naar",
  sv: "och jag en ett det som var på inte med min den av för till är",
  da: "og jeg en et det som var på ikke med min den af for til er",
  nb: "og jeg en et det som var på ikke med min den av for til er",
  fi: "ja minä oli on ei että se hän oma kuin mutta kun olin",
  pl: "i w na się nie z że to był była jest moja mój do jak po",
  cs: "a v na se že jsem byl byla to je s do jako můj moje",
  tr: "ve bir bu da de ben için ile çok gibi ama o vardı benim",
  vi: "tôi và là của một có trong không đã với những",
  id: "yang dan di saya aku itu dengan untuk tidak dari ke ada",
  hu: "a az és egy én volt hogy nem van meg is mint",
  ro: "și în un o am era cu pe nu care mea meu la",
};

/** Of all languages together, and some more that English sentences are full of. */
export const stopWords: ReadonlySet<string> = new Set(
  [
    ...Object.values(smallWords),
    "a an as by or so then than this these those there their they them what when where which who whom whose",
    "have has had been being do does did will would could should shall may might must can cannot methought hath",
    "very much most more some any no nor too only just even over under into onto upon out up down off again own",
  ]
    .join(" ")
    .split(" "),
);
