import type { Cause } from './cause.ts';

/** The root filesystem in which a command of `run` failed, as far as a cure depends on it. */
export interface FailedRun {
  /** Says whether it has a program of this name. */
  has(program: string): boolean;
  /** Tells how the recipe adds a program to it. */
  adding(program: string): Promise<string>;
}

const word = String.raw`[\w.+-]+`;

const shells: readonly string[] = ['sh', 'bash', 'ash', 'dash'];

async function cureProgram(program: string, run: FailedRun): Promise<string> {
  const adding = await run.adding(program);
  if (!shells.includes(program) || run.has('sh')) {
    return `The root filesystem has no ${program}. ${adding}`;
  }
  return `The root filesystem has no shell. ${adding} Without one, name programs with their words, \`[chmod, "0750", /srv]\`, or let \`files\` and \`accounts\` do it.`;
}

/** Tells of a path that does not run: \`sh\` is named with its path by many. */
function curePath(path: string, run: FailedRun): Promise<string> | string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(?:\/usr(?:\/local)?)?\/s?bin\//.test(path) && !run.has(name)) {
    return cureProgram(name, run);
  }
  return `Either there is no ${path} in the root filesystem, or what it needs to start is missing: the program that its first line (#!) names (with line ends of Windows no program has that name), or the loader that it was linked with, which musl's and glibc's programs do not have in common.`;
}

const program = (pattern: RegExp): Cause<FailedRun> => ({
  pattern,
  cure: ([name = ''], run) => (name.includes('/') ? curePath(name, run) : cureProgram(name, run)),
});

const always = (pattern: RegExp, hint: string): Cause<FailedRun> => ({ pattern, cure: () => hint });

/** Classes of failures of commands that are run in a root filesystem. */
export const ofCommands: readonly Cause<FailedRun>[] = [
  program(/^(?:\/usr\/bin\/)?env: ['‘]?([\w./+-]+)['’]?: No such file or directory$/),
  program(
    new RegExp(`^(?:\\S+: )+(?:line )?\\d+: (/?${word}(?:/${word})*): (?:command )?not found$`),
  ),
  program(new RegExp(`^(?:bash|sh|ash): (/?${word}(?:/${word})*): (?:command )?not found$`)),
  {
    pattern: /^(?:\S+: )*(?:exec: )?['‘]?(\/[^'’:\s]+)['’]?: Permission denied$/,
    cure: ([path = '']) =>
      `${path} is no program that may be run, or not for this command's user: a file of \`files\` takes \`mode: "0755"\`; in \`folder\` it counts whether its owner can run it.`,
  },
  always(
    /Temporary failure (?:in name resolution|resolving)|Could not resolve|bad address ['‘]|Network (?:is )?unreachable|Name or service not known|unable to access 'http|Failed to fetch http|fetch(?:ing)? https?:.*(?:error|DNS)|Name does not resolve|Try again$/i,
    'Commands of `run` have no network. Packages of the distribution are named under `packages`; other files are fetched by `files: [{ path, url, sha256 }]`, or lie beside the recipe.',
  ),
  always(
    /^E: (?:Unable to locate package|Package '?\S+ has no installation candidate)|^ERROR: unable to select packages/,
    'Package managers find nothing here, since there is no network: name packages under `packages`, which are pinned and installed before `run`.',
  ),
  {
    pattern: /(?:invalid|unknown) (user|group)(?:\/group)?:? ['‘]?([\w.-]+)(?::[\w.:-]*)?['’]?$/,
    cure: ([kind = '', name = '']) =>
      `There is no ${kind} ${name} in the root filesystem. Make one under \`accounts\`, which are there before \`run\`, or give the number.`,
  },
  always(
    /System has not been booted with systemd|Failed to connect to (?:bus|system scope bus)|Can't operate\. Failed to connect to bus/,
    "No service manager runs in a build. `systemctl enable` works, which makes links; what a service does when it starts belongs to the image's `entrypoint`.",
  ),
  always(
    /^(?:mount|umount|mknod|modprobe|sysctl|losetup|iptables|chroot|unshare)\b.*(?:permission denied|not permitted|Read-only)/i,
    'Commands of `run` have the rights of a container without privileges: no mounts, devices, kernel settings or modules. They are for whoever runs the image.',
  ),
  {
    pattern: /can't cd to ([^\s:]+)|cd: ([^\s:]+): No such file or directory/,
    cure: ([first, second]) =>
      `There is no ${first ?? second}. \`files: [{ path: ${first ?? second}, directory: true }]\` makes one before \`run\`.`,
  },
  always(
    /Read-only file system/,
    "/proc and /sys are a container's own, and kernel settings in them are for whoever runs the image.",
  ),
];
