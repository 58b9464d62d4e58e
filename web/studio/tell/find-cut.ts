/**
 * Where long speech is cut into parts, so that its text appears while the person speaks on: at a pause of the
 * voice, so that no word is cut.
 */

/** A cut wants a pause of `pauseMs` once the part has `seconds`. The last one cuts in any case. */
const cuts = [
  { seconds: 20, pauseMs: 700 },
  { seconds: 40, pauseMs: 300 },
  { seconds: 60, pauseMs: 120 },
  { seconds: 75, pauseMs: 0 },
];

/** A voice is so much louder than the room. */
const voiceAboveRoomDb = 10;
/** Above this it is never silence, below that it always is. */
const loudestRoomDb = -35;
const quietestRoomDb = -70;
/** How fast the estimate of the room's loudness rises. It falls at once. */
const riseDbPerSecond = 1;

/** Resolves the moments of one part: give it the loudness of each moment, and it says when to cut. */
export function createCutFinder(): (levelDb: number, partSeconds: number, passedMs: number) => boolean {
  let roomDb = loudestRoomDb - voiceAboveRoomDb;
  let quietMs = 0;
  return (levelDb, partSeconds, passedMs) => {
    roomDb = Math.min(
      roomDb + (riseDbPerSecond * passedMs) / 1000,
      levelDb,
      loudestRoomDb - voiceAboveRoomDb,
    );
    roomDb = Math.max(roomDb, quietestRoomDb);
    quietMs = levelDb < roomDb + voiceAboveRoomDb ? quietMs + passedMs : 0;
    return cuts.some(({ seconds, pauseMs }) => partSeconds >= seconds && quietMs >= pauseMs);
  };
}
