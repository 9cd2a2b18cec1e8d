import * as z from 'zod';
import { environmentName, text } from './fields.ts';
import { type ImageSettings, imageSettings } from './schema.ts';

const variable = z.strictObject({ name: environmentName, value: text });

/**
 * Image settings as evidence records them: the environment is a list, as an image keeps the recipe's order
 * and canonical JSON sorts the names of an object.
 */
const recordedSettings = imageSettings.extend({ env: z.array(variable) });

/** Returns image settings in the form that `readRecordedSettings` reads. */
export const recordSettings = ({ env, ...settings }: ImageSettings) => ({
  ...settings,
  env: Object.entries(env).map(([name, value]) => ({ name, value })),
});

/** Settings as a recipe has them, and the recorded environment as an image has it. */
export interface RecordedSettings {
  readonly settings: ImageSettings;
  /** Each `NAME=value`; a forged record may have a name twice. */
  readonly variables: readonly string[];
}

/** Reads recorded image settings; undefined for anything else. */
export function readRecordedSettings(recorded: unknown): RecordedSettings | undefined {
  const { success, data } = recordedSettings.safeParse(recorded);
  if (!success) return undefined;
  const env = Object.fromEntries(data.env.map(({ name, value }) => [name, value]));
  const variables = data.env.map(({ name, value }) => `${name}=${value}`);
  return { settings: { ...data, env }, variables };
}
