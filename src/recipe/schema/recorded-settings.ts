import * as z from 'zod';
import { environmentName, text } from './fields.ts';
import { type ImageSettings, imageSettings } from './schema.ts';

const variable = z.strictObject({ name: environmentName, value: text });

/**
 * Image settings as evidence records them: the environment is a list, as an image keeps the recipe's order
 * and canonical JSON sorts the names of an object.
 */
export const recordedSettings = imageSettings.extend({ env: z.array(variable) });

/** Returns image settings in the form that `recordedSettings` reads. */
export const recordSettings = ({ env, ...settings }: ImageSettings) => ({
  ...settings,
  env: Object.entries(env).map(([name, value]) => ({ name, value })),
});
