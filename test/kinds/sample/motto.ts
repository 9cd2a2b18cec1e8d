import * as z from 'zod';
import { type Kind, type KindWork, noParts } from '../../../src/kinds/contract.ts';
import { nothingToProve } from '../../../src/packages/proof.ts';
import { sha256Of } from '../../support/store.ts';

const schema = z
  .strictObject({ text: z.string().describe('The motto.') })
  .describe('A file with a motto in it, which can be laid over another tree.');

type MottoSource = z.output<typeof schema>;

const component = 'motto:own';

const work: KindWork<MottoSource, object> = {
  resolve: async () => ({}),
  downloads: async () => [],
  prove: async () => nothingToProve,
  indexFiles: async () => [],
  update: (_, after) => after,
  build: async ({ source: { text }, epoch }) => {
    const content = { bytes: Buffer.from(text) };
    const attributes = { mode: 0o644, uid: 0, gid: 0, mtime: epoch, xattrs: [] };
    const size = content.bytes.length;
    return {
      entries: [{ ...attributes, type: 'file', path: 'motto.txt', size, content }],
      record: { written: text },
    };
  },
  special: () => [],
  parts: async ({ name, source: { text } }, _, { record }) => ({
    ...noParts,
    components: [
      {
        ...{ id: component, kind: 'motto', name, version: '1' },
        licence: { expression: 'CC0-1.0', texts: [], basis: 'the author says so' },
        ...{ inputs: [], linked: [] },
      },
    ],
    claims: [
      {
        component,
        path: 'motto.txt',
        expected: {
          type: 'file',
          algorithm: 'sha256',
          digest: sha256Of((record as { written: string } | undefined)?.written ?? text),
        },
      },
    ],
  }),
};

/** `from: { motto: … }`: a tree of one file, without any input. */
export const motto: Kind<MottoSource, object> = {
  name: 'motto',
  schema,
  paths: {},
  builder: () => undefined,
  laidOver: true,
  packages: {},
  epochProblem: () => undefined,
  lockSchema: z.strictObject({}),
  inputs: () => [],
  indexes: () => [],
  date: () => undefined,
  distribution: () => undefined,
  starter: () => ({ description: 'A motto.', files: {}, recipe: 'from: { motto: { text: x } }\n' }),
  load: async () => work,
};
