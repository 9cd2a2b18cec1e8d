import type { Emit } from '../../base/events.ts';
import type { BuildResult } from '../../pipeline/request.ts';
import type { CommandContext } from '../command-context.ts';

/** Signs the evidence of builds, if that is asked for. */
export interface ResultSigner {
  sign(result: BuildResult): Promise<void>;
  dispose(): Promise<void>;
}

const signsNothing: ResultSigner = { sign: async () => {}, dispose: async () => {} };

/** Opens the signer that `--sign` asks for, and its key, before any work is done. Errors as openSigner. */
export async function openResultSigner(
  asked: string | undefined,
  { env, signal }: CommandContext,
  emit: Emit,
): Promise<ResultSigner> {
  if (asked === undefined) return signsNothing;
  const [{ openSigner, parseSign }, { signFolder }] = await Promise.all([
    import('./open-signer.ts'),
    import('../../sign/sign-folder.ts'),
  ]);
  const signer = await openSigner(parseSign(asked), env, { emit, signal });
  return {
    sign: async ({ outDir }) => {
      await signFolder(outDir, signer.sign);
    },
    dispose: signer.dispose,
  };
}
