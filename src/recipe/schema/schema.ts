import type { core } from 'zod';
import * as z from 'zod';
import { isRecord } from '../../base/json.ts';
import { platformNames } from '../../base/platform.ts';
import { type From, kindIn, type RecipeKind, sourceOf } from '../kind.ts';
import {
  argument,
  argv,
  besideOtherMistakes,
  environmentName,
  imagePath,
  reason,
  recipeName,
  text,
} from './fields.ts';
import { accounts, files, packages, run, slim } from './overlays.ts';

const portForm = /^([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?(\/(?:tcp|udp|sctp))?$/;

/** Reads a port or a range of them: first, last and `/protocol`; undefined for another form. */
function portsIn(value: string) {
  const [, first, last = first, protocol = ''] = portForm.exec(value) ?? [];
  return first === undefined ? undefined : { first: Number(first), last: Number(last), protocol };
}

/** Returns every port of a range as a port of its own, as the image's config lists them. */
function eachPort(value: string): string[] {
  const { first = 0, last = 0, protocol = '' } = portsIn(value) ?? {};
  return Array.from({ length: last - first + 1 }, (_, at) => `${first + at}${protocol}`);
}

const port = z
  .string()
  .regex(portForm, 'expected a port or a range, for instance "8080/tcp" or "8000-8010"')
  .refine((value) => (portsIn(value)?.last ?? 0) <= 65_535, 'expected a port of at most 65535')
  .refine((value) => {
    const { first = 0, last = 0 } = portsIn(value) ?? {};
    return first <= last;
  }, 'expected the lower port of a range first');

const ports = z.array(port).transform((values) => [...new Set(values.flatMap(eachPort))]);

/** A duration whose nanoseconds fit in 63 bits, as Docker keeps them. */
const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,5}(?:ms|s|m|h)$/, 'expected a duration, for instance 30s');

const labelName = text.regex(
  /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
  'expected a label name of letters, digits, ".", "_", "/" and "-", for instance org.example.team',
);

const healthcheck = z.strictObject({
  test: argv.min(1).describe('Command; exit code 0 means healthy.'),
  interval: duration.optional().describe('Time between two checks.'),
  timeout: duration.optional().describe('How long one check may take.'),
  startPeriod: duration.optional().describe('Time at the start in which failures do not count.'),
  retries: z.int().min(1).optional().describe('Failures in a row that make it unhealthy.'),
});

/** Image config, in Dockerfile words. */
export const imageSettings = z
  .strictObject({
    entrypoint: argv.optional().describe('ENTRYPOINT, exec form.'),
    cmd: argv.optional().describe('CMD, exec form.'),
    env: z.record(environmentName, text).default({}).describe('ENV.'),
    workdir: imagePath.optional().describe('WORKDIR.'),
    user: text
      .regex(
        /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/,
        'expected user or user:group',
      )
      .optional()
      .describe('USER.'),
    expose: ports.prefault([]).describe('EXPOSE: ports, or ranges of them.'),
    volumes: z.array(imagePath).default([]).describe('VOLUME.'),
    labels: z.record(labelName, text).default({}).describe('LABEL.'),
    annotations: z
      .record(labelName, text)
      .default({})
      .describe('Annotations of the manifest (OCI image specification).'),
    stopsignal: z
      .string()
      .regex(/^(?:SIG[A-Z0-9+-]+|[0-9]{1,2})$/, 'expected a signal, for instance SIGTERM')
      .optional()
      .describe('STOPSIGNAL.'),
    healthcheck: healthcheck.optional().describe('HEALTHCHECK.'),
  })
  .describe('Image config in Dockerfile words.');

/** One run of the finished image; everything that it states must hold. */
export const smokeTest = z
  .strictObject({
    run: argv.describe("Arguments in place of cmd; [] runs the image's own command."),
    entrypoint: argv.optional().describe('Replaces the entrypoint for this run.'),
    env: z.record(environmentName, argument).default({}).describe('Further environment.'),
    stdin: z.string().optional().describe('What the program reads.'),
    exit: z.int().min(0).max(255).default(0).describe('Expected exit code.'),
    stdout: z.string().optional().describe('Text that standard output must contain.'),
    stderr: z.string().optional().describe('Text that standard error must contain.'),
    timeout: duration.default('30s').describe('How long the run may take.'),
  })
  .describe('A run of the image that must succeed before anything is tagged.');

/** States what bills of materials say of a program of one's own. */
const about = z
  .strictObject({
    version: text
      .regex(/^[A-Za-z0-9][A-Za-z0-9.+~:_-]*$/, 'expected a version, for instance 1.4.2')
      .optional()
      .describe("Its version; an upstream archive's own name wins."),
    licence: text
      .optional()
      .describe('Its licence as an SPDX expression, for instance "MIT OR Apache-2.0".'),
    cpe: text
      .regex(
        /^cpe:2\.3:[aho*-](?::(?:[^:\\\s]|\\.)+){10}$/,
        'expected a CPE 2.3 name, for instance cpe:2.3:a:example:server:1.4.2:*:*:*:*:*:*:*',
      )
      .optional()
      .describe('The name by which advisories know it (CPE 2.3).'),
    supplier: text.optional().describe('Who supplies it: an organization, or "Person: Name".'),
    source: text
      .regex(/^https?:\/\/[^\s]+$/, 'expected an http or https URL')
      .refine((value) => URL.canParse(value), 'expected a complete URL')
      .optional()
      .describe('Where its sources are, for instance a repository.'),
  })
  .describe('What bills of materials say of your own program or files.');

/**
 * `extends:`: a name or path as on the command line, but no absolute path, since recipes are passed on.
 */
export const parentName = text.regex(
  /^(?![-/~])[^/]+(?:\/[^/]+)*\/?$/,
  'expected the name of a recipe that ships with mkbase, or a path from the folder of this one',
);

/** The first fields of recipes and toolchains. */
const identity = {
  name: recipeName.describe('Name; the image is tagged mkbase/<name>.'),
  description: text.optional().describe('One line for `mkbase list`.'),
  epoch: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .optional()
    .describe(
      'Seconds since 1970 for every time in the image; else the date of the signed index or release.',
    ),
};

/**
 * Runs a check beside other mistakes too: a misspelled field is not reported again as a missing one.
 */
const besideAnyMistake = {
  when: ({ value }: core.ParsePayload): boolean => isRecord(value),
};

/** Returns the schema of `from:`, which holds exactly one of the kinds. */
const fromSchema = (kinds: readonly RecipeKind[]) =>
  z
    .strictObject(Object.fromEntries(kinds.map(({ name, schema }) => [name, schema.optional()])))
    .superRefine((value, context) => {
      if (Object.values(value).filter((kind) => kind !== undefined).length === 1) return;
      const message = `expected exactly one of ${kinds.map(({ name }) => name).join(', ')}`;
      context.addIssue({ code: 'custom', message });
    }, besideOtherMistakes)
    .transform((value): From => {
      const kind = kinds.find(({ name }) => value[name] !== undefined)?.name;
      // Reported already, as an unknown field or as none of the kinds.
      return kind === undefined ? z.NEVER : { kind, [kind]: value[kind] };
    })
    .meta({ minProperties: 1, maxProperties: 1 })
    .describe('What the root filesystem is made from.');

/** Returns the schema of `recipe.yaml`. */
export const recipeSchema = (kinds: readonly RecipeKind[]) =>
  z
    .strictObject({
      ...identity,
      from: fromSchema(kinds)
        .optional()
        .describe(
          'What the root filesystem is made from; `extends` may stand in its place, or beside a program.',
        ),
      extends: parentName
        .optional()
        .describe(
          'The recipe that this one adds to, by its name, with a release if wanted, or by its path. Beside `from` it is the base that a program is laid over.',
        ),
      packages,
      files,
      accounts,
      run,
      slim,
      platforms: z
        .array(z.enum(platformNames))
        .min(1)
        .optional()
        .describe('Platforms that the recipe works on; all when left out.'),
      about: about.optional(),
      image: imageSettings.prefault({}),
      test: z
        .array(smokeTest)
        .default([])
        .describe('Runs of the finished image that must succeed before it is tagged.'),
    })
    .superRefine((value, context) => {
      const given = ['from', 'extends'].filter((field) => field in value);
      if (given.length === 1) return;
      const laidOver = kinds.filter((kind) => kind.laidOver).map(({ name }) => name);
      // A `from` with mistakes of its own has not become a kind.
      const kind = (value as { readonly from?: Partial<From> }).from?.kind;
      if (given.length === 2 && (kind === undefined || laidOver.includes(kind))) return;
      const hint = `keep one and remove the other; only ${laidOver.join(' and ')} can be laid over another recipe`;
      const params = { hint };
      const message = 'expected only one of "from" and "extends"';
      context.addIssue({ code: 'custom', message, params, path: [given[1] ?? 'from'] });
    }, besideAnyMistake)
    .superRefine(({ from, epoch }, context) => {
      // A `from` with mistakes of its own has not become a kind.
      if (epoch !== undefined || from?.kind === undefined) return;
      const problem = kindIn(kinds, from).epochProblem?.(sourceOf(from));
      if (problem === undefined) return;
      const message = `expected "epoch" beside "from": ${problem}`;
      context.addIssue({ code: 'custom', message, path: ['from'] });
    })
    .meta({ anyOf: [{ required: ['from'] }, { required: ['extends'] }] })
    .describe('An mkbase recipe.');

/** `toolchain:`: the compiler's commands, and the flags that belong to it and not to the program. */
const toolchainSettings = z
  .strictObject({
    libc: z.enum(['glibc', 'musl', 'none']).describe('C library that programs are linked with.'),
    cc: argv.min(1).describe('Command that compiles and links C.'),
    cxx: argv.min(1).describe('Command that compiles and links C++.'),
    strip: argv.min(1).describe('Command that strips a program in place.'),
    target: z
      .string()
      .regex(/^[a-z0-9_]+(?:-[a-z0-9_]+)+$/, 'expected a target as GNU names it')
      .optional()
      .describe(
        'Of a compiler for another platform than it runs on: its target, with which the names of binutils begin.',
      ),
    platformFlags: z
      .partialRecord(z.enum(platformNames), argv)
      .optional()
      .describe('Flags of both compilers for a platform that it compiles for: platform to flags.'),
    linkFlags: argv.default([]).describe('Flags for every link.'),
    env: z.record(environmentName, argument).default({}).describe('Environment of every build.'),
  })
  .describe('How its compiler is called.');

/**
 * Returns the schema of a toolchain: a recipe whose rootfs is a builder, and how its compiler is
 * called.
 */
export const toolchainSchema = (kinds: readonly RecipeKind[]) =>
  z
    .strictObject({
      ...identity,
      from: fromSchema(kinds).refine(
        (from) => from.kind === undefined || kindIn(kinds, from).makesToolchains,
        `expected ${kinds.flatMap((kind) => (kind.makesToolchains ? JSON.stringify(kind.name) : [])).join(' or ')}: a toolchain is unpacked packages, it cannot need another one`,
      ),
      files,
      accounts,
      slim,
      lacking: z
        .partialRecord(z.enum(platformNames), reason)
        .optional()
        .describe(
          'Platforms that a toolchain of toolchains/cross does not compile for, each with the reason.',
        ),
      toolchain: toolchainSettings
        .optional()
        .describe('How its compiler is called; left out for a builder that has none.'),
    })
    .describe('An mkbase toolchain.');

export type About = z.output<typeof about>;
export type ImageSettings = z.output<typeof imageSettings>;
export type SmokeTest = z.output<typeof smokeTest>;
export type ToolchainSettings = z.output<typeof toolchainSettings>;
export type RecipeFields = z.output<ReturnType<typeof recipeSchema>>;
export type ToolchainFields = z.output<ReturnType<typeof toolchainSchema>>;
