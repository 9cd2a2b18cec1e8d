import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { plural } from '../../base/format.ts';
import type { Engine, EngineName, HeldToolchain } from '../../engines/engine.ts';
import type { BuilderRecord } from '../../pipeline/builder-state.ts';
import type { Fact } from '../../ui/layout.ts';
import { type Palette, paletteOf } from '../../ui/screen.ts';
import { oneLine, wrap } from '../../ui/text.ts';
import type { CommandContext } from '../command-context.ts';

/** Something under the name of a builder, and the engine that holds it. */
type Held = HeldToolchain & { readonly engine: EngineName };

/** Asks every engine for its builders; one that fails here has said so elsewhere. */
async function heldBy(engines: readonly Engine[], io: Io): Promise<Held[]> {
  const held = engines.map(async (engine) => {
    const found = await engine.listToolchains(io).catch(() => []);
    return found.map((each) => ({ ...each, engine: engine.name }));
  });
  return (await Promise.all(held)).flat();
}

const isOf =
  ({ key, tree }: BuilderRecord) =>
  (held: Held): boolean =>
    held.key === key && held.tree === tree;

function knownLines(known: readonly BuilderRecord[], held: readonly Held[]): string[] {
  return known.flatMap((record) => {
    const engines = held.filter(isOf(record)).map(({ engine }) => engine);
    const { name, tree, inputs } = record;
    if (engines.length === 0) return [];
    const origin = inputs.length === 0 ? '' : `, of ${plural(inputs.length, 'input')}`;
    return [`${name} (${engines.join(', ')}): sha256:${tree}${origin}`];
  });
}

/** The most names that are listed; the count says how many there are. */
const mostNames = 3;

function unknownLines(
  known: readonly BuilderRecord[],
  held: readonly Held[],
  width: number,
  palette: Palette,
): string[] {
  const unknown = held.filter((each) => !known.some((record) => isOf(record)(each)));
  if (unknown.length === 0) return [];
  const names = unknown.slice(0, mostNames).map(({ engine, name }) => `${name} (${engine})`);
  if (unknown.length > mostNames) names.push(`and ${unknown.length - mostNames} more`);
  const [first = '', ...more] = wrap(
    oneLine(
      `${unknown.length} unknown: ${names.join(', ')}. mkbase does not remember making it so, and never uses it.`,
    ),
    width,
  );
  return [first.replace('unknown', palette.yellow('unknown')), ...more];
}

/**
 * Shows the builders that mkbase remembers and that an engine holds, and counts what stands under a
 * builder's name and is not remembered. `state` is the state folder; one that is not believed is told.
 */
export async function builderFacts(
  engines: readonly Engine[],
  state: string,
  width: number,
  { stdout, env, signal }: Pick<CommandContext, 'stdout' | 'env' | 'signal'>,
): Promise<Fact[]> {
  const palette = paletteOf(stdout, env);
  const { knownBuilders } = await import('../../pipeline/builder-state.ts');
  const held = await heldBy(engines, { emit: () => {}, signal });
  try {
    const known = await knownBuilders(state);
    const lines = [...knownLines(known, held), ...unknownLines(known, held, width, palette)];
    return [
      ['state', oneLine(state)],
      ['builders', lines],
    ];
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    return [['state', wrap(oneLine(`${error.message} ${error.hint ?? ''}`), width)]];
  }
}
