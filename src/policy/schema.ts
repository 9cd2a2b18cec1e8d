import * as z from 'zod';
import { imagePath, reason, recipeName, text } from '../recipe/schema/fields.ts';
import { type JsonSchema, jsonSchema } from '../recipe/schema/json-schema.ts';

/** Properties of ELF files that a policy can require; docs/compliance.md explains each. */
const hardeningNames = ['pie', 'relro', 'bindNow', 'nx'] as const;

const level = z
  .enum(['error', 'warning'])
  .optional()
  .describe('Whether what is found fails the build; error when left out.');

/** Fields of every rule. */
const common = { level, reason: reason.optional() };

const allowedPaths = z
  .record(imagePath, reason)
  .optional()
  .describe('Paths that are fine, each with the reason; * and ** as in slim.');

const pathRule = z.strictObject({ ...common, allow: allowedPaths });

const spdxLicence = z
  .string()
  .regex(
    /^[A-Za-z0-9.-]+\+?(?: WITH [A-Za-z0-9.-]+)?$/,
    'expected an SPDX licence, for instance Apache-2.0 or GPL-2.0-only WITH Classpath-exception-2.0',
  );

const componentName = text.min(1, 'expected the name of a component, for instance libc6');

/** A primary key of OpenPGP by its fingerprint (v4 or v6), one of apk by the name of its file. */
const keyName = z
  .string()
  .regex(
    /^(?:[0-9A-F]{40}|[0-9A-F]{64}|[A-Za-z0-9@._-]+\.rsa\.pub)$/,
    'expected a fingerprint as 40 or 64 upper-case hexadecimal digits, or the name of an apk key',
  );

const days = z.string().regex(/^[1-9][0-9]{0,4}d$/, 'expected a number of days, for instance 30d');

const byteCount = z
  .string()
  .regex(/^[1-9][0-9]{0,5}(?:[kMG]B|[KMG]iB)$/, 'expected a size, for instance 50MB or 64MiB');

/** The rules and their settings. A new rule is an entry here, one in `rules` below, and a file in rules/. */
export const ruleSchemas = {
  unsignedInputs: z
    .strictObject({
      ...common,
      pinned: z
        .boolean()
        .optional()
        .describe('Whether a digest in the recipe is enough; false when left out.'),
    })
    .describe('Inputs from outside that no signature vouches for.'),
  keys: z
    .strictObject({
      ...common,
      allow: z
        .record(keyName, text)
        .optional()
        .describe('Keys whose signatures count, each with whose it is.'),
    })
    .describe('Signatures by other keys than these.'),
  sha1Signatures: z
    .strictObject(common)
    .describe('Signed indexes whose signature is over a SHA-1.'),
  indexAge: z
    .strictObject({ ...common, most: days.describe('Days since the newest one was signed.') })
    .describe('Signed indexes and releases that are too old: updates are missing.'),
  licences: z
    .strictObject({
      ...common,
      allow: z
        .array(spdxLicence)
        .optional()
        .describe('Licences that are fine; any that is known when left out.'),
      exceptions: z
        .record(componentName, reason)
        .optional()
        .describe('Components that are fine whatever their licence, each with the reason.'),
    })
    .describe('Components under a licence that is unknown or not allowed.'),
  unattributed: pathRule.describe('Bytes that neither a package nor the recipe accounts for.'),
  setuid: pathRule.describe('Set-user-id and set-group-id files that the recipe does not declare.'),
  capabilities: pathRule.describe('Files that give capabilities to whoever runs them.'),
  worldWritable: pathRule.describe(
    'Files that anybody can write to, and such folders without the sticky bit.',
  ),
  hardening: z
    .strictObject({
      ...common,
      require: z
        .array(z.enum(hardeningNames))
        .min(1)
        .optional()
        .describe('What is asked for; all but bindNow when left out.'),
      allow: allowedPaths,
    })
    .describe('Programs and libraries (ELF) without protections that compilers and linkers give.'),
  stackProtector: pathRule.describe(
    'Programs and libraries (ELF) without a stack canary in any function.',
  ),
  size: z
    .strictObject({ ...common, most: byteCount.describe('Of the layer, uncompressed.') })
    .describe('An image that is too large.'),
} as const;

/** Allows `false`, which switches off a rule of the policy that this one extends. */
const optionalRule = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .union([z.literal(false), schema])
    .optional()
    .describe(schema.description ?? '');

const rules = z
  .strictObject({
    unsignedInputs: optionalRule(ruleSchemas.unsignedInputs),
    keys: optionalRule(ruleSchemas.keys),
    sha1Signatures: optionalRule(ruleSchemas.sha1Signatures),
    indexAge: optionalRule(ruleSchemas.indexAge),
    licences: optionalRule(ruleSchemas.licences),
    unattributed: optionalRule(ruleSchemas.unattributed),
    setuid: optionalRule(ruleSchemas.setuid),
    capabilities: optionalRule(ruleSchemas.capabilities),
    worldWritable: optionalRule(ruleSchemas.worldWritable),
    hardening: optionalRule(ruleSchemas.hardening),
    stackProtector: optionalRule(ruleSchemas.stackProtector),
    size: optionalRule(ruleSchemas.size),
  } satisfies Record<keyof typeof ruleSchemas, unknown>)
  .describe('What is asked; a rule that is left out asks nothing.');

/** A policy: the contents of its file. */
export const policySchema = z
  .strictObject({
    name: recipeName.describe('Name, for messages.'),
    description: text.optional().describe('One line about what it is for.'),
    extends: z
      .enum(['strict'])
      .optional()
      .describe('A policy that ships with mkbase and that this one adds to.'),
    rules,
  })
  .describe('An mkbase policy.');

type RuleSchemas = typeof ruleSchemas;

/** The contents of a policy's file. */
export type PolicyFields = z.output<typeof policySchema>;

export type RuleName = keyof RuleSchemas;

/** The settings of one rule. */
export type RuleSettings<Name extends RuleName> = z.output<RuleSchemas[Name]>;

/** The rules of a policy, with those of the one that it extends. */
export type Rules = { readonly [Name in RuleName]?: RuleSettings<Name> };

/** Returns the JSON Schema of a policy's file, committed as schema/policy.schema.json. */
export const policyJsonSchema = (): JsonSchema =>
  jsonSchema(policySchema, 'policy', 'mkbase policy');
