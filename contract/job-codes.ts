/**
 * The codes that a job has besides those of requests (problem.ts): why it failed, why an attempt was handed
 * back, and its warnings. Each has a page at `/problems/{code}`. tests/structure/problems.test.ts compares
 * the list with the sources.
 */
import { type ConfigurationFault, configurationCodes, configurationMessage } from "./ai-configuration.ts";
import type { PaidCapability } from "./charge.ts";

export interface JobCode {
  title: string;
  /** What the dream's owner or the operator does. */
  advice: string;
}

const again = "Ask for the film again: what was bought is kept.";
const waits =
  "Nothing: the job was handed back, waits and goes on by itself. An operator looks at it if it lasts.";
const operator = "An operator looks at the worker's log, and at `npm run doctor`.";
const otherText = "Change the dream's text, or the film's options, and ask again.";
const otherRecording = "Record the part again, or upload another file.";
const redo = "Redo the scene to buy it again.";

const table: Record<string, readonly [title: string, advice: string]> = {
  "job.attempts_exhausted": [
    "The last attempt ended in silence or in an unexpected error",
    `${again} ${operator}`,
  ],
  "job.undeliverable": ["The queue gave up on the job's messages", `${again} ${operator}`],
  "job.failed": ["The job failed, and its worker gave no reason", `${again} ${operator}`],
  "job.stalled": ["An attempt made no progress and was given up", waits],
  "take.gone": [
    "A picture or voice of the film is not kept any more, so that another take cannot be shown at no cost",
    "Redo the scene.",
  ],
  "takes.failed": ["The takes could not be bought, and the worker gave no reason", operator],
  "lease.lost": ["The worker could not reach the edge before its lease ended", waits],
  "film.cancelled": ["The film was cancelled", "Nothing."],
  "film.incomplete": ["The finished film did not have all of its frames", waits],
  "completion.refused": ["The edge refused the end of the job", `${waits} ${operator}`],
  "report.refused": ["The edge refused a report of the worker", `${waits} ${operator}`],
  "edge.unreachable": ["The worker could not reach the edge", waits],
  "edge.decision_unreadable": ["The worker is older than the edge", "An operator deploys the worker."],
  "worker.outdated": ["The worker is older than the edge", "An operator deploys the worker."],
  "worker.shutdown": ["The worker shut down; another one takes over", "Nothing."],
  "worker.error": ["The worker had an unexpected error", operator],
  "option.replaced": [
    "An option has its default, because the worker is older",
    "An operator deploys the worker.",
  ],
  "ai.outcome_unknown": [
    "Two calls to an AI provider ended without a known result, and may both have been charged",
    `${again} Many of them: an operator looks whether machines are killed or timeouts are too short.`,
  ],
  "budget.job_exceeded": [
    "The film would cost more than its limit",
    "Raise `max_cost_usd` or ask for a shorter film.",
  ],
  "budget.owner_exceeded": [
    "The owner's budget of the day is spent",
    "Ask again tomorrow, or ask the operator for more.",
  ],
  "dream.not_allowed": [
    "AI providers would refuse the dream's words",
    "Change the sentence that the status quotes (`error.passage`), or what the message names, and ask again. Nothing more was bought.",
  ],
  "dream.shortened": [
    "The dream has more words than the film has time for, so parts are told shorter or left out",
    "Ask for a longer film, or tell the dream in two.",
  ],
  "openai.refused": ["The AI provider refused the content", otherText],
  "openai.bad_request": ["The AI provider cannot use the request", otherText],
  "openai.rate_limited": ["The AI provider limits the rate of requests", waits],
  "openai.unavailable": ["The AI provider has a fault", waits],
  "openai.unreachable": ["The AI provider could not be reached", waits],
  "openai.timeout": ["The AI provider did not answer in time", waits],
  "openai.circuit_open": ["The AI provider failed several times and is left alone for a while", waits],
  "openai.malformed": ["The AI provider's answer could not be read", waits],
  "openai.web_page": [
    "The AI provider answered with a web page",
    "An operator checks the configured addresses.",
  ],
  "openai.picture_lost": ["The provider's picture could not be fetched from its address", waits],
  "storyboard.malformed": ["The text model wrote no usable storyboard", otherText],
  "storyboard.cut": [
    "The storyboard had more than fits the film, so a part was left out",
    "Ask for a longer film.",
  ],
  "credentials.missing": [
    "The film does not say to machines that AI made it",
    `An operator looks at the certificate. ${again}`,
  ],
  "picture.over_budget": ["A picture was not bought, because the budget was spent", redo],
  "picture.without_references": [
    "The AI provider paints from words alone, so people may look different in each picture",
    "An operator uses a provider that has image edits.",
  ],
  "cast.not_allowed": [
    "AI providers would refuse the name or the description of one of the owner's people",
    "Change or delete the member of the cast that the message names (POST /cast, DELETE /cast/{id}), and ask again.",
  ],
  "cast.no_sheet": [
    "A person or thing has no reference sheet, so it may look different in each picture",
    "Nothing, or other words for it.",
  ],
  "cast.no_photo": [
    "The photo of a person or thing was not used, so its reference sheet is painted from its description",
    "Add another photo, and ask for the film again.",
  ],
  "picture.unusable": ["The provider's picture could not be decoded", redo],
  "picture.softened": ["The provider refused a picture, and painted a gentler one", redo],
  "picture.refused": ["The provider refused a picture", redo],
  "picture.failed": ["The provider failed to paint a picture several times", redo],
  "voice.unusable": ["A scene got no voice that can be decoded", again],
  "voice.empty": ["The voice's answer had no sound", again],
  "voice.incomplete": ["The voice's answer ended early", again],
  "voice.none": ["A scene has no voice", redo],
  "voice.replaced": ["A scene has another voice than the film's", redo],
  "voice.reworded": ["The voice of a scene says other words than its text", redo],
  "voice.cut": ["The voice of a scene ends before its text does", redo],
  "voice.doubled": ["The voice of a scene says its text twice", redo],
  "voice.silent": ["The voice of a scene has no sound", redo],
  "voice.own_words": [
    "A scene's text is not what the recording says",
    "Nothing: the captions show what is said.",
  ],
  "voice.text_not_recorded": [
    "Words of the text are in none of the recordings",
    "Record them, or use another voice.",
  ],
  "voice.not_in_recording": ["A scene's words are not in the recording", otherRecording],
  "voice.recording_missing": ["A recording that should narrate is gone", otherRecording],
  "captions.no_font": [
    "Some characters are left out of the captions, because no font has them",
    "Nothing, or other words.",
  ],
  "media.unreadable": ["A bought file could not be decoded", again],
  "media.unknown_format": ["A bought file has an unknown format", again],
  "media.odd_shape": ["A bought picture has an impossible shape", again],
  "media.cut_voice": ["A bought voice was cut off", again],
  "media.empty_voice": ["A bought voice was empty", again],
  "media.silent_voice": ["A bought voice was silent", again],
  "media.voice_too_long": ["A bought voice was too long for its text", again],
  "segment.unreadable": ["The recording cannot be decoded", otherRecording],
  "segment.not_sound": ["The uploaded file is no sound", otherRecording],
  "segment.no_sound": ["The uploaded file has no sound", otherRecording],
  "segment.no_speech": ["Nothing was heard in the recording", otherRecording],
  "segment.silent": ["The recording is silent", otherRecording],
  "segment.transcript_too_long": ["The recording has more text than a segment may", "Record shorter parts."],
  "segment.incomplete": ["An encoded scene was not complete", waits],
  "ffmpeg.killed": ["ffmpeg was killed, usually for want of memory", `${waits} ${operator}`],
  "ffmpeg.no_resources": ["The worker has too little memory or disk", `${waits} ${operator}`],
  "ffmpeg.timeout": ["ffmpeg took too long", `${waits} ${operator}`],
  "queue.unauthorized": ["The pool's token for the queue was refused", "An operator renews the token."],
  "queue.not_found": ["The queue does not exist", "An operator checks the queues' ids."],
  "queue.bad_request": ["The queue refused the worker's request", operator],
  "queue.rate_limited": ["The queue limits the rate of requests", waits],
  "queue.unavailable": ["The queue has a fault", waits],
  "queue.unreachable": ["The queue could not be reached", waits],
  "queue.answer_unreadable": ["The queue's answer could not be read", operator],
  "storage.refused": ["The storage refused the worker", "An operator checks the key and the bucket."],
  "asset.vanished": ["A stored file of the film was deleted while the film was made", waits],
  "asset.damaged": ["A stored file of the film could not be read; it is bought or made again", waits],
  "storage.unavailable": ["The storage has a fault", waits],
};

/** Codes whose message quotes what the owner has typed. Operators read the code's title instead. */
export const quotingCodes: ReadonlySet<string> = new Set(["cast.not_allowed"]);

const held = "The jobs wait until an operator has repaired it, and go on by themselves.";

const configuration = configurationCodes.map((code): [string, JobCode] => {
  const [capability, fault] = code.split(".") as [PaidCapability, ConfigurationFault];
  const advice = fault === "answer_unusable" ? `An operator repairs it. ${again}` : held;
  return [code, { title: configurationMessage(capability, fault), advice }];
});

/** Every code of a job that is no problem of a request, with its explanation. */
export const jobCodes: ReadonlyMap<string, JobCode> = new Map([
  ...Object.entries(table).map(([code, [title, advice]]): [string, JobCode] => [code, { title, advice }]),
  ...configuration,
]);
