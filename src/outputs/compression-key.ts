import { compressionOf, layerCompressions } from '../image/compress/compressions.ts';
import type { OutputKey, OutputRequest, OutputValues } from './contract.ts';
import { requestOf } from './file-output.ts';

/** The key with which an output is told how its layers are compressed. */
export const compressionKey: OutputKey = {
  values: layerCompressions,
  elsewhere: 'only what holds a layer or the root filesystem can be compressed',
};

/** Returns the request for an output of layers. */
export function layeredRequest(type: string, values: OutputValues): OutputRequest {
  const asked = values.get('compression') ?? 'none';
  const compression = layerCompressions.find((each) => each === asked);
  if (compression === undefined) {
    const meant = compressionOf(`.tar.${asked}`) ?? asked;
    return values.refuse(
      `a layer has no compression ${JSON.stringify(asked)}`,
      meant,
      layerCompressions,
    );
  }
  return {
    ...requestOf(type, values),
    ...(values.get('compression') !== undefined && { compression }),
  };
}
