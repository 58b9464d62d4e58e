/**
 * What a kind of voice that is bought says of itself. Its client in the worker is in
 * render-worker/ai/voices/.
 */

/** US dollars. For endpoints that report no usage. */
export interface MinutePrices {
  pricePerMinute: number;
}

export interface PaidVoice<Prices> {
  /** What it is, for the documentation. */
  is: string;
  /** The prefix of the variables that are about this kind alone. */
  prefix: `VOICE_${string}_`;
  /** Where calls go if no variable gives an address; absent: OPENAI_BASE_URL. */
  baseUrl?: string;
  /** Below the base URL. */
  endpoint: string;
  /** The endpoint is a socket, and the client has `open` for the doctor; absent: it refuses an empty POST. */
  isSocket?: true;
  /** The headers that carry the key; absent: a bearer. */
  keyHeaders?(key: string): Record<string, string>;
  /**
   * The model that is used where no variable names one, with its end and the day on which its vendor's page
   * was read.
   */
  defaultModel: {
    model: string;
    price: Prices;
    endsOn: string | null;
    replacement: string | null;
    readOn: string;
  };
  /** The variable of each price. */
  priceVariables: Record<keyof Prices, string>;
  /** What a price is for, in words: `per minute`. */
  priceUnit: `per ${string}`;
  /** Micro-dollars that this many seconds of narration in so many scenes usually cost. */
  usual(prices: Prices, seconds: number, scenes: number): number;
  /** The most that the narration of this text costs, in micro-dollars. */
  ceiling(prices: Prices, text: string): number;
  /** The cost of a decoded narration, for a provider that reports no usage; null: it reports it. */
  byLength: ((prices: Prices, seconds: number) => number) | null;
}

/**
 * The slowest calm voice: letters or ideographs per second, and a pause. It says a figure as a word of its
 * own.
 */
const slowest = { charactersPerSecond: 2.5, charactersOfFigure: 2, seconds: 3 };

/** The most seconds that a calm voice takes for the text. */
export function slowestSeconds(text: string): number {
  const figures = text.match(/\p{Nd}/gu)?.length ?? 0;
  const characters = [...text].length + figures * (slowest.charactersOfFigure - 1);
  return characters / slowest.charactersPerSecond + slowest.seconds;
}

/** Micro-dollars for so many seconds of speech, rounded up. */
export const priceSpeech = ({ pricePerMinute }: MinutePrices, seconds: number): number =>
  Math.ceil((seconds / 60) * pricePerMinute * 1e6);
