/**
 * The error codes of a wrong AI configuration: `<capability>.<fault>`, for example
 * `voice.model_unavailable`. A film that ends with one cannot be made until an operator changes the
 * configuration. The worker, the alert rule, /ops, the studio and the runbook all use this list.
 */
import type { PaidCapability } from "./charge.ts";

/** What is wrong, in words for the dream's owner: they name no vendor, key or model. */
export const configurationFaults = {
  key_refused: "is not set up: its access was refused",
  no_credit: "cannot be used: its account has no credit left",
  model_unavailable: "is not set up: it does not exist under its configured name or address",
  answer_unusable: "is not set up: its answers come in a form that cannot be used",
} as const;
export type ConfigurationFault = keyof typeof configurationFaults;
export type ConfigurationCode = `${PaidCapability}.${ConfigurationFault}`;

const services: Record<PaidCapability, string> = {
  text: "The service that writes storyboards",
  picture: "The service that paints pictures",
  voice: "The service that speaks",
  transcription: "The service that transcribes recordings",
};

/** One sentence for the dream's owner. `code` is one of `configurationCodes`. */
export const configurationMessage = (capability: PaidCapability, fault: ConfigurationFault): string =>
  `${services[capability]} ${configurationFaults[fault]}. The operator has to repair it.`;

/** All codes of a wrong AI configuration, by capability and fault. */
export const configurationCodes: readonly ConfigurationCode[] = (
  Object.keys(services) as PaidCapability[]
).flatMap((capability) =>
  (Object.keys(configurationFaults) as ConfigurationFault[]).map(
    (fault) => `${capability}.${fault}` as const,
  ),
);

/** Whether a job's error code says that an operator has to change the AI configuration. */
export const isConfigurationCode = (code: string): code is ConfigurationCode =>
  (configurationCodes as readonly string[]).includes(code);
