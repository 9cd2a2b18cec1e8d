import type { Emit } from '../../base/events.ts';
import type { BuildResult } from '../../pipeline/request.ts';
import type { CommandContext } from '../command-context.ts';

/** Signs the evidence of builds, if that is asked for. */
export interface ResultSigner {
  sign(result: BuildResult): Promise<void>;
  /** Signs the provenance of an index over several platforms, in the folder of its evidence. */
  signIndex(outDir: string): Promise<void>;
  dispose(): Promise<void>;
}

const signsNothing: ResultSigner = {
  sign: async () => {},
  signIndex: async () => {},
  dispose: async () => {},
};

/** Opens the signer that `--sign` asks for, and its key, before any work is done. Errors as openSigner. */
export async function openResultSigner(
  asked: string | undefined,
  { env, signal }: CommandContext,
  emit: Emit,
): Promise<ResultSigner> {
  if (asked === undefined) return signsNothing;
  const [{ openSigner, parseSign }, { signFolder }, { signedOfIndex }] = await Promise.all([
    import('./open-signer.ts'),
    import('../../sign/sign-folder.ts'),
    import('../../sign/signed-files.ts'),
  ]);
  const signer = await openSigner(parseSign(asked), env, { emit, signal });
  return {
    sign: async ({ outDir }) => {
      await signFolder(outDir, signer.sign);
    },
    signIndex: async (outDir) => {
      await signFolder(outDir, signer.sign, signedOfIndex);
    },
    dispose: signer.dispose,
  };
}
