/** Ten dreams whose people, animals and places return, and a second dream of the same for each. */
export const dreams: readonly { first: string; second: string }[] = [
  {
    first:
      "I stood in the kitchen of a house. My grandmother held a lantern. A white horse looked in through the window. I followed my grandmother into a forest. The horse walked beside my grandmother. The lantern went out and I woke.",
    second:
      "A horse was waiting for me at a river. My grandmother sat on the horse. I took the lantern from her. The horse swam. My grandmother laughed with me. Then the lantern was a star.",
  },
  {
    first:
      "A wolf came to my school. The wolf spoke to a child. I hid behind an open door. The child opened the door. The wolf had a heavy book. I read the book to the wolf and the child.",
    second:
      "The child ran over a meadow. A wolf ran behind the child. I called the wolf. The child gave me a book. The wolf slept. I slept beside the child.",
  },
  {
    first:
      "I was on a boat with an old man. The man had a golden clock. A whale swam under the boat. The man gave me the clock. The boat flew over the whale. I could not find the man any more.",
    second:
      "An old man knocked at my window. The man had lost a clock. We went to sea in a boat. I saw a whale. The whale had the clock. The man thanked me and the whale.",
  },
  {
    first:
      "A woman stood on a bridge. I walked toward the bridge. A black cat sat beside the woman. The cat spoke to me. The woman sang to the cat. The bridge fell into the river and I flew.",
    second:
      "The cat sat in my bed. A woman opened the door. I followed the cat. The woman and I came to a bridge. The cat crossed the bridge. The woman cried and I held her hand.",
  },
  {
    first:
      "I climbed a tower. An owl sat in the tower. A child called me from a tree. The owl flew to the tree. I fell from the tower. The child caught me and the owl.",
    second:
      "The owl knew my name. A child slept under a tree. I woke the child. The owl carried the child to a tower. I climbed the tree. The tower was empty.",
  },
  {
    first:
      "Ich stand in einem Haus. Meine Großmutter saß am Fenster. Ein Hund lag vor dem Fenster. Ich ging mit dem Hund in den Wald. Die Großmutter rief den Hund. Ich fand das Haus nicht mehr.",
    second:
      "Der Hund lief vor mir her. Die Großmutter wartete am Haus. Ich trug den Hund. Die Großmutter öffnete das Fenster. Der Hund sprang durch das Fenster. Ich blieb bei der Großmutter.",
  },
  {
    first:
      "A train went through my room. A man sat in the train. The man had a rabbit. I took the rabbit in my arms. The train stopped at a lighthouse. The man and I looked for the rabbit at the lighthouse.",
    second:
      "I lived in a lighthouse. A man brought me a rabbit. The rabbit grew. The man left on a train. I ran after the train. The rabbit ran with me.",
  },
  {
    first:
      "I had a mirror in my hand. A woman looked out of the mirror. A deer stood behind the woman. I turned to the deer. The deer broke the mirror. The woman walked away with me and the deer.",
    second:
      "A deer came into my room. I saw a woman on the deer. The woman carried a mirror. The deer drank from the mirror. I looked into the mirror. The woman was I.",
  },
  {
    first:
      "An elephant stood in the street. I gave the elephant a balloon. A child wanted the balloon. The elephant lifted the child. I lost the balloon in the sky. The child and the elephant waved to me.",
    second:
      "The child drew an elephant. The elephant stepped out of the picture. I held a balloon. The child pulled me. The elephant took the balloon. The child flew.",
  },
  {
    first:
      "I swam in a lake. A snake swam beside me. A man threw a ladder to me. I climbed the ladder. The snake climbed the ladder. The man was the snake.",
    second:
      "A snake lay on my pillow. The man told me not to move. I moved. The snake became a ladder. The man climbed the ladder. I climbed after the man and the snake.",
  },
];
