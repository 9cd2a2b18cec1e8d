import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../../base/errors.ts';
import { disagrees, joinProofs } from '../../packages/proof.ts';
import { type From, sourceOf, withSource } from '../../recipe/kind.ts';
import { type RootfsView, rootfsView } from '../../rootfs/view.ts';
import { bareBuilder } from '../../steps/bare-builder.ts';
import type { BuildContext } from '../../steps/builder.ts';
import type { Entry } from '../../tar/entry.ts';
import type { Built, KindParts, KindWork, Wanted } from '../contract.ts';
import type { LockedStack, StackSource } from './stack-source.ts';

/** The records that both builds left for their inventories. */
interface StackRecord {
  readonly base: unknown;
  readonly top: unknown;
}

/** Returns a context with a folder of its own below that of the whole build. */
async function inFolder(context: BuildContext, name: string): Promise<BuildContext> {
  const folder = join(context.folder, name);
  await mkdir(folder).catch((error: unknown) => {
    throw ioError(error, 'making', folder);
  });
  return { ...context, folder };
}

/** Moves entries to where their folders are in the base, whose folders may be links (`bin` to `usr/bin`). */
function placedOn(base: readonly Entry[], top: readonly Entry[]): Entry[] {
  const view = rootfsView(base);
  return top.map((entry) => ({ ...entry, path: view.resolve(entry.path) }));
}

/** Returns parts with the paths of their programs as they are in the rootfs. */
const inView = (parts: KindParts, view: RootfsView): KindParts => ({
  ...parts,
  components: parts.components.map((each) => ({
    ...each,
    linked: each.linked.map((part) => ({ ...part, program: view.resolve(part.program) })),
  })),
  unattributed: parts.unattributed.map((each) => ({ ...each, path: view.resolve(each.path) })),
});

const joined = (base: KindParts, top: KindParts): KindParts => ({
  packages: [...base.packages, ...top.packages],
  generated: [...base.generated, ...top.generated],
  licences: new Map([...top.licences, ...base.licences]),
  madeByBuild: base.madeByBuild || top.madeByBuild,
  components: [...base.components, ...top.components],
  claims: [...base.claims, ...top.claims],
  unattributed: [...base.unattributed, ...top.unattributed],
  archive: base.archive ?? top.archive,
});

/** Makes the heavy half of the stack out of those of the kinds, by their names. */
export function stackWork(
  works: ReadonlyMap<string, KindWork>,
): KindWork<StackSource, LockedStack> {
  const workOf = ({ kind }: From): KindWork => {
    const work = works.get(kind);
    if (work === undefined) throw new Error(`there is no kind ${kind}`);
    return work;
  };
  /** Returns what each half asks for. Packages are added to the base alone. */
  const halves = <W extends Wanted<StackSource>>(wanted: W) => ({
    base: { ...wanted, source: sourceOf(wanted.source.base) },
    top: { ...wanted, source: sourceOf(wanted.source.top), packages: [] },
  });
  /** Returns both halves with their works and their parts of the lock, which must be of the same kinds. */
  const parts = <W extends Wanted<StackSource>>(wanted: W, locked: LockedStack) => {
    const asked = halves(wanted);
    return (['base', 'top'] as const).map((name) => {
      const [from, pinned] = [wanted.source[name], locked[name]];
      if (from.kind !== pinned.kind) {
        throw disagrees(`the kind of the ${name}`, pinned.kind, from.kind, 'the recipe');
      }
      return { work: workOf(from), wanted: asked[name], locked: sourceOf(pinned), name };
    });
  };
  return {
    resolve: async ({ source, ...wanted }, context, io) => {
      const asked = halves({ ...wanted, source });
      const base = await workOf(source.base).resolve(asked.base, context, io);
      const top = await workOf(source.top).resolve(asked.top, context, io);
      return { base: withSource(source.base, base), top: withSource(source.top, top) };
    },
    downloads: async (wanted, locked, sources) => {
      const all = parts(wanted, locked).map((each) =>
        each.work.downloads(each.wanted, each.locked, sources),
      );
      return (await Promise.all(all)).flat();
    },
    prove: async (wanted, locked, sources, io) => {
      const all = parts(wanted, locked).map((each) =>
        each.work.prove(each.wanted, each.locked, sources, io),
      );
      return joinProofs(await Promise.all(all));
    },
    indexFiles: async (wanted, locked, sources, io) => {
      const all = parts(wanted, locked).map((each) =>
        each.work.indexFiles(each.wanted, each.locked, sources, io),
      );
      return (await Promise.all(all)).flat();
    },
    update: (before, after, sources) => {
      const updated = (name: 'base' | 'top') => {
        const [old, now] = [before[name], after[name]];
        if (old.kind !== now.kind) return now;
        return withSource(now, workOf(now).update(sourceOf(old), sourceOf(now), sources));
      };
      return { base: updated('base'), top: updated('top') };
    },
    build: async (pinned, context, io) => {
      const built: Built[] = [];
      for (const { work, wanted, locked, name } of parts(pinned, pinned.locked)) {
        built.push(await work.build({ ...wanted, locked }, await inFolder(context, name), io));
      }
      const [base, top] = built as [Built, Built];
      const record: StackRecord = { base: base.record, top: top.record };
      const { entries, leftOut = [] } = base;
      return { entries, over: placedOn(entries, top.entries), leftOut, record };
    },
    workFolder: async (pinned, context, io) => {
      const top = parts(pinned, pinned.locked)[1];
      const place = await top?.work.workFolder?.(
        { ...pinned, ...top.wanted, locked: top.locked },
        context,
        io,
      );
      return place ?? bareBuilder;
    },
    unpacks: ({ base }) => workOf(base).unpacks?.(sourceOf(base)) ?? false,
    special: ({ name, source: { base, top } }) => {
      const [below, above] = [base, top].map((from) =>
        workOf(from).special({ name, source: sourceOf(from) }),
      );
      return below === 'listed' || above === 'listed' ? 'listed' : [...below!, ...above!];
    },
    parts: async (wanted, locked, context, io) => {
      const records = context.record as StackRecord | undefined;
      const [base, top] = await Promise.all(
        parts(wanted, locked).map((each) =>
          each.work.parts(
            each.wanted,
            each.locked,
            { ...context, record: records?.[each.name] },
            io,
          ),
        ),
      );
      return joined(base!, inView(top!, context.view));
    },
  };
}
