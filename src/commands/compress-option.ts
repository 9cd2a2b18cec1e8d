import { MkbaseError } from '../base/errors.ts';
import { inSentence } from '../base/format.ts';
import type { LayerCompression } from '../image/compress/compressions.ts';
import type { OutputRequest } from '../outputs/contract.ts';
import { layeredOutputs, outputOf, withCompression } from '../outputs/outputs.ts';

/**
 * Gives all outputs of layers the compression of `--compress`, where they state none of their own. Throws USAGE
 * when there is no such output.
 */
export function withCompress(
  outputs: readonly OutputRequest[],
  compress: LayerCompression | undefined,
): readonly OutputRequest[] {
  if (compress === undefined) return outputs;
  if (!outputs.some((each) => outputOf(each).layerForms)) {
    const types = layeredOutputs().map(({ name }) => `type=${name}`);
    throw new MkbaseError({
      code: 'USAGE',
      message: `--compress ${compress}: no output holds a layer that could be compressed.`,
      hint: `Add --output ${inSentence(types, 'or')}, or --push.`,
    });
  }
  return outputs.map((each) => withCompression(each, compress));
}
