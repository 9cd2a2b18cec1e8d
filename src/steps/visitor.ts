import { type Hold, holdOnFailure } from '../engines/hold.ts';
import type { Step } from '../engines/step.ts';

/** The program that becomes a shell for a person. */
export type ShellArgv = Hold['argv'];

/** A person who is let into a step: the terminal, and what is to be said before and after. */
export type Visitor = Omit<Hold, 'argv' | 'when'>;

/** Makes a step, which is a script of POSIX shell, stop where it fails, for a person to enter by `argv`. */
export function stoppingStep<S extends Pick<Step, 'argv'>>(
  step: S,
  argv: ShellArgv,
  visitor: Visitor,
): S & Pick<Step, 'hold'> {
  const [shell, options = '', script = '', ...parameters] = step.argv;
  return {
    ...step,
    argv: [shell, options, `${holdOnFailure}${script}`, ...parameters],
    hold: { ...visitor, argv, when: 'failed' },
  };
}

/** Sets the prompt of a shell that has none of its own, and prefers bash, with which typing is easier. */
export const chooseShell = `
export PS1='$PWD # '
for shell in /bin/bash /usr/bin/bash /bin/sh; do
  if "$shell" -c : 2>/dev/null; then break; fi
  shell=
done
`;

/** Makes the program that becomes a shell of the builder in the first of some folders that is there. */
export const builderShell = (folders: readonly string[], before = ''): ShellArgv => [
  ...(['/bin/sh', '-c'] as const),
  `${before}
for folder; do if cd "$folder" 2>/dev/null; then break; fi; done
${chooseShell}
exec "$shell"`,
  'sh',
  ...folders,
];
