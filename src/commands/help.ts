import { wrap } from '../ui/text.ts';
import { environmentVariables } from './environment-variables.ts';
import { exitCodeMeanings } from './exit-code-meanings.ts';

/** Help is read in terminals of every width; this one fits them all. */
const columns = 80;

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  const indent = ' '.repeat(width + 4);
  const lines = rows.map(([left, right]) => {
    const text = wrap(right, columns - indent.length).join(`\n${indent}`);
    return `  ${left.padEnd(width)}  ${text}`;
  });
  return `\n${title}:\n${lines.join('\n')}`;
}

/** Example command lines of each command that has some. */
export const examples = {
  build: section('Examples', [
    ['mkbase hello', 'a built-in recipe'],
    ['mkbase ./my-app', 'a folder with a recipe.yaml'],
    ['mkbase hello -t me/hello:1.0', 'another tag'],
    ['mkbase hello -o type=oci,dest=hello/', 'an OCI layout folder'],
    ['mkbase hello --json | jq -r .diffId', 'for scripts'],
    ['mkbase build list', 'a recipe named like a command'],
  ]),
  run: section('Examples', [
    ['mkbase run hello', "the image's own command"],
    ['mkbase run lua -- -v', 'arguments that begin with -'],
  ]),
  completion: section('Set up', [
    ['source <(mkbase completion bash)', 'in ~/.bashrc'],
    ['source <(mkbase completion zsh)', 'in ~/.zshrc, after compinit'],
    ['mkbase completion fish | source', 'in ~/.config/fish/config.fish'],
  ]),
};

/** What `mkbase --help` says after commands and options. */
export function rootHelp(): string {
  return [
    section('Examples', [
      ['mkbase hello', 'make the smallest image'],
      ['docker run --rm mkbase/hello', 'run it'],
      ['mkbase run hello', 'run it where no daemon is'],
      ['mkbase list', 'what else there is to make'],
    ]),
    section('Environment', Object.entries(environmentVariables)),
    section(
      'Exit codes',
      exitCodeMeanings().map(({ exitCode, meaning }) => [String(exitCode), meaning]),
    ),
  ].join('\n');
}
