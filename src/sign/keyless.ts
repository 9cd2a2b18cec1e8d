import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../base/canonical-json.ts';
import { type ErrorCode, ioError, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import type { CommandResult } from '../base/run-command/command.ts';
import { pipeCommand } from '../base/run-command.ts';
import type { Signer } from './sign-folder.ts';

/** Patterns of cosign's errors, with the code and the hint for a person. */
const problems: readonly (readonly [said: RegExp, code: ErrorCode, hint: string])[] = [
  [
    /unknown flag: --statement/,
    'USAGE',
    'Install cosign 3, the first that takes whole statements, or sign with a key: --key FILE.',
  ],
  [
    /dial tcp|no such host|i\/o timeout|connection refused|tuf refresh/i,
    'SOURCE_UNREACHABLE',
    "It takes Sigstore's certificate authority and log, and an identity provider. Without a network sign with a key: --key FILE.",
  ],
];

function failed({ notFound, problem, stderr }: CommandResult): MkbaseError {
  const lines = stderr.trim().split('\n');
  const last = lines.at(-1)?.replace(/^(?:error during command execution: )?/, '');
  const message = `Nothing was signed: cosign, which signs without a key, failed: ${problem}.`;
  if (notFound) {
    const hint = 'Install cosign 3 or newer, or sign with a key: --key FILE.';
    return new MkbaseError({ code: 'USAGE', message, hint });
  }
  const [, code = 'SOURCE_UNREACHABLE', hint = 'Do what cosign says, or sign with --key FILE.'] =
    problems.find(([said]) => said.test(stderr)) ?? [];
  return new MkbaseError({ code, message: last ? `${message}\n  ${last}` : message, hint });
}

async function drain(stdout: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of stdout);
}

/**
 * Returns a signer that uses an identity in place of a key ("keyless"). Cosign gets a certificate, valid
 * for some minutes, for the person whom the identity provider names, and enters the signature into a
 * public log for good. `folder` is an empty one of this run's own. Errors: USAGE without cosign,
 * SOURCE_UNREACHABLE when it fails, INTERRUPTED, IO, NO_SPACE.
 */
export function keylessSigner(folder: string, io: Io): Signer {
  return async (statement, { bundle }) => {
    const [input, output] = [join(folder, 'statement.json'), join(folder, bundle)];
    try {
      await writeFile(input, canonicalJson(statement));
      // Without --yes it asks for consent to the public log, which docs/compliance.md explains.
      const args = ['attest-blob', '--yes', '--statement', input, '--bundle', output];
      const command = { file: 'cosign', args, signal: io.signal };
      // Its log has the address that a person must open.
      const log = (line: string) => io.emit({ type: 'log', stage: 'image', line });
      const { result } = await pipeCommand(command, drain, log);
      if (!result.ok) throw failed(result);
      return await readFile(output, 'utf8');
    } catch (error) {
      throw ioError(error, 'signing in', folder);
    }
  };
}
