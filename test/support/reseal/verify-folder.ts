import { openSurroundings } from '../../../src/commands/verify/surroundings.ts';
import type { Report } from '../../../src/verify/report.ts';
import { imagesIn, verify } from '../../../src/verify/verify.ts';
import { quietIo } from '../image.ts';
import { createContext } from '../ui/context.ts';

/** The things on this machine that a verification may look into. */
export interface Around {
  /** Where the store and mkbase's state are, and all else that a command finds in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of the recipe; left out for one that ships with mkbase. */
  readonly recipe?: string;
}

/** Verifies an output folder as `mkbase verify FOLDER` does, in this process; alone, or with what is around. */
export async function verifyFolder(folder: string, around?: Around): Promise<Report> {
  const request = { subject: 'copy', images: await imagesIn(folder), evidence: folder };
  const { signal } = new AbortController();
  if (around === undefined) return verify(request, signal);
  const { env, ...options } = around;
  const surroundings = await openSurroundings(options, createContext(env), quietIo());
  try {
    return await verify({ ...request, ...surroundings }, signal);
  } finally {
    await surroundings.dispose();
  }
}
