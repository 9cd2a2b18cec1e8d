import { posix } from 'node:path';
import { addFlag, addLibrary, type Cause, type FailedBuild, takeGlibc } from './cause.ts';
import { packageOfHeader } from './debian-packages.ts';

/** The headers of libc6-dev that musl-dev has not (Debian 12's Contents), and folders of them. */
const onlyGlibc = new Set(
  `a.out.h aliases.h argp.h argz.h envz.h error.h execinfo.h fpu_control.h fstab.h gconv.h gshadow.h ieee754.h
  mcheck.h nss.h obstack.h printf.h proc_service.h re_comp.h regexp.h sgtty.h stab.h termio.h thread_db.h
  ttyent.h net/if_packet.h net/if_ppp.h net/ppp_defs.h rpc/netdb.h sys/bitypes.h sys/cdefs.h sys/elf.h
  sys/gmon.h sys/pci.h sys/pidfd.h sys/profil.h sys/queue.h sys/rseq.h sys/unistd.h sys/vm86.h`.split(
    /\s+/,
  ),
);
const onlyGlibcFolder = /^(?:bits|gnu|netash|netipx|protocols|sys\/platform)\//;

/** The standard library's headers have no ending (C++23, 16.4.2.3), and no folder. */
const isOfCxx = (header: string): boolean =>
  /^[a-z_]+$/.test(header) || header.startsWith('bits/stl_');

/** Tells how a header beside the recipe gets to the compiler that is started by mkbase. */
function nameBeside(header: string, found: string, including: string): string {
  const folder = found.slice(0, -header.length).replace(/\/$/, '');
  const told = `${found} lies beside the recipe, but a builder is sent only what the recipe names.`;
  if (posix.join(posix.dirname(including), header) === found) {
    return `${told} Add \`include: [${found}]\`.`;
  }
  if (folder === '') return `${told} Add \`include: [${found}]\` and ${addFlag('-I.')}.`;
  return `${told} Add its folder: \`include: [${folder}]\`.`;
}

async function cureHeader(header: string, build: FailedBuild, line: string) {
  const { libc, toolchain, packages } = build;
  if (libc !== 'glibc' && isOfCxx(header)) {
    return `<${header}> is of the standard library of C++, which ${toolchain} does not have. ${takeGlibc}.`;
  }
  const beside = await build.fileBeside(header);
  if (beside !== undefined && build.compiles) {
    return nameBeside(header, beside, /^[^:\s]+/.exec(line)?.[0] ?? '');
  }
  if (beside !== undefined) {
    return `The sources have ${beside}: let the build look in its folder, for instance with ${addFlag('-I…')}.`;
  }
  if (libc !== 'glibc' && (onlyGlibc.has(header) || onlyGlibcFolder.test(header))) {
    return `<${header}> is a header of glibc, which ${toolchain} does not have. ${takeGlibc}, or leave its use out: many builds have an option for that.`;
  }
  const found = packageOfHeader(header);
  if (found === undefined) {
    return `<${header}> is neither in the builder nor among what it was sent. Name it under \`include\` if it is yours, or add the Debian package that has it to \`packages\` of the toolchain; \`apt-file search ${header}\` finds that.`;
  }
  if (libc === 'glibc' && packages.includes(found.name)) {
    const flags =
      found.modules[0] === undefined
        ? ''
        : ` \`pkg-config --cflags ${found.modules[0]}\` tells it.`;
    return `The builder has ${found.name}, whose headers stand in a folder of their own: add that with -I.${flags}`;
  }
  return `<${header}> is in Debian's package ${found.name}. ${addLibrary(build, found.name)}`;
}

export const missingHeaders: readonly Cause[] = [
  {
    pattern: /fatal error: ([^\s:']+): No such file or directory/,
    cure: ([header = ''], build, line) =>
      /\.(?:c|cc|cpp|cxx|C|s|S)$/.test(header) ? undefined : cureHeader(header, build, line),
  },
  {
    pattern: /fatal error: '([^']+)' file not found/,
    cure: ([header = ''], build, line) => cureHeader(header, build, line),
  },
];
