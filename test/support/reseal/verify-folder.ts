import type { Report } from '../../../src/verify/report.ts';
import { imagesIn, verify } from '../../../src/verify/verify.ts';

/** Verifies an output folder as `mkbase verify FOLDER` does, in this process. */
export async function verifyFolder(folder: string): Promise<Report> {
  const request = { subject: 'copy', images: await imagesIn(folder), evidence: folder };
  return verify(request, new AbortController().signal);
}
