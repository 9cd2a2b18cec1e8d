import { toByteString } from '../../base/byte-string.ts';
import type { LinkedPart, Unattributed } from '../component.ts';
import type { Linked, LinkedInput, LinkedProgram } from './linked.ts';

/** `usr/lib/x/libc.a(printf.o)`, or the path alone of an object file. */
const objectsOf = ({ file, members }: LinkedInput): string[] =>
  members === undefined ? [file.slice(1)] : members.map((name) => `${file.slice(1)}(${name})`);

const pathOf = ({ path }: LinkedProgram) => toByteString(path.slice(1));

/** What of each package of the toolchain went into which program, by the package's name. */
export function linkedParts({ programs }: Linked): Map<string, LinkedPart[]> {
  const parts = new Map<string, LinkedPart[]>();
  for (const program of programs) {
    const { inputs = [] } = program;
    for (const name of new Set(inputs.map((input) => input.package))) {
      if (name === undefined) continue;
      const objects = inputs.filter((input) => input.package === name).flatMap(objectsOf);
      const part = { program: pathOf(program), objects: objects.sort() };
      parts.set(name, [...(parts.get(name) ?? []), part]);
    }
  }
  return parts;
}

/** What nothing is known of: whole links, and things linked that no package ships. */
export function unknownParts({ programs }: Linked): Unattributed[] {
  return programs.flatMap((program) => {
    const path = pathOf(program);
    const { inputs } = program;
    if (inputs === undefined) {
      return [{ path, reason: 'no record of its link says what went into it' }];
    }
    return inputs
      .filter((input) => input.package === undefined)
      .map(({ file }) => ({
        path,
        reason: `${file} was linked into it, which no package of the toolchain ships`,
      }));
  });
}
