import {
  type Keyring,
  type KeyState,
  type ShippedKey,
  shippedKeyrings,
  stateOf,
} from '../packages/keyrings/shipped.ts';
import { type Fact, facts } from '../ui/layout.ts';
import { columnsOf, type Palette, paletteOf } from '../ui/screen.ts';
import { wrap } from '../ui/text.ts';
import { type CommandContext, invocationOf } from './command-context.ts';

export interface KeysOptions {
  readonly json?: true;
}

const day = (time: string): string => time.slice(0, 10);

/** Says for how long a key is good, or since when it is not. */
const validity: Readonly<Record<KeyState, (key: ShippedKey) => string>> = {
  good: ({ expires }) => (expires === null ? 'good' : `good until ${day(expires)}`),
  expired: ({ expires }) => `expired on ${day(expires ?? '')}`,
  revoked: ({ revoked }) => `revoked on ${day(revoked?.date ?? '')}`,
  future: ({ created }) => `good from ${day(created)}`,
};

/** As wide as the longest of `validity`. */
const labelWidth = 'good until 2000-01-01'.length + 2;

function keyFacts(
  key: ShippedKey,
  { keys }: Keyring,
  now: Date,
  palette: Palette,
  columns: number,
): Fact {
  const { name, fingerprint, signs, revoked, replacedBy } = key;
  const state = stateOf(key, now);
  const next = keys.find((each) => each.fingerprint === replacedBy)?.name;
  const end = next === undefined ? '' : `; replaced by ${next}`;
  const why = state === 'revoked' ? `; ${revoked?.reason}` : '';
  const text = wrap(`signs ${signs}${end}${why}`, columns - labelWidth);
  const label = validity[state](key);
  return [label, [state === 'good' ? name : palette.red(name), fingerprint, ...text]];
}

function keyringText(keyring: Keyring, now: Date, palette: Palette, columns: number): string {
  const { distribution, keys, sources } = keyring;
  const from = sources.map(({ package: name, version }) => [name, version].join(' ').trim());
  const title = wrap(`${distribution}, from ${from.join(', ')}`, columns);
  const rows = keys.map((key) => keyFacts(key, keyring, now, palette, columns));
  return [...title.map(palette.bold), ...facts(rows, palette, labelWidth), ''].join('\n');
}

/**
 * `mkbase keys`: lists the public keys that ship with mkbase, and which are good by this machine's clock.
 * Errors: IO.
 */
export async function keys(options: KeysOptions, context: CommandContext): Promise<number> {
  const { stdout, env } = context;
  const { now } = invocationOf(context);
  const keyrings = await shippedKeyrings();
  if (options.json) {
    const stated = keyrings.map((keyring) => ({
      ...keyring,
      keys: keyring.keys.map((key) => ({ ...key, state: stateOf(key, now) })),
    }));
    stdout.write(`${JSON.stringify({ now: now.toISOString(), keyrings: stated })}\n`);
    return 0;
  }
  const palette = paletteOf(stdout, env);
  const texts = keyrings.map((each) => keyringText(each, now, palette, columnsOf(stdout)));
  stdout.write(texts.join('\n'));
  return 0;
}
