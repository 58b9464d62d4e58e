/** Example dreams. The last three are in the public domain. */
export const examples: readonly { name: string; text: string }[] = [
  {
    name: "A city of glass",
    text: "I was flying over a city made of glass. Every window held a different season. When I landed, my grandmother was waiting with a lantern, and the street turned into a slow green river.",
  },
  {
    name: "Jacob’s ladder",
    text: "And he lighted upon a certain place, and tarried there all night, because the sun was set; and he took of the stones of that place, and put them for his pillows, and lay down in that place to sleep. And he dreamed, and behold a ladder set up on the earth, and the top of it reached to heaven: and behold the angels of God ascending and descending on it.",
  },
  {
    name: "The pale student",
    text: "When I placed my head on my pillow, I did not sleep, nor could I be said to think. I saw, with shut eyes, but acute mental vision, I saw the pale student of unhallowed arts kneeling beside the thing he had put together. I saw the hideous phantasm of a man stretched out, and then, on the working of some powerful engine, show signs of life, and stir with an uneasy, half vital motion.",
  },
  {
    name: "The butterfly",
    text: "Once I dreamt that I was a butterfly, fluttering here and there over the meadows, happy and free. I did not know that I was a man. Then I woke, and there I lay, myself again. Now I do not know whether I was a man who dreamt he was a butterfly, or whether I am a butterfly, dreaming that I am a man.",
  },
];
