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
  export: section('Examples', [
    ['mkbase export alpine --dockerfile alpine', 'alpine/Dockerfile, alpine/rootfs.tar.xz'],
    ['docker build --tag me/alpine alpine', 'what it is for'],
  ]),
  lock: section('Examples', [
    ['mkbase lock ./my-app', 'writes my-app/recipe.lock.json'],
    ['mkbase lock hello', 'a built-in: writes mkbase-out/hello/lock.json'],
  ]),
  update: section('Examples', [
    ['mkbase update ./my-app', 'the newest versions of everything'],
    ['mkbase update ./my-app --only openssl', 'of one package, and its family'],
  ]),
  bundle: section('Examples', [
    ['mkbase bundle hello -o hello-inputs.tar', 'all that hello is made from'],
    ['mkbase hello --inputs hello-inputs.tar --offline', 'and hello made from it'],
  ]),
  verify: section('Examples', [
    ['mkbase verify hello', 'what a build left in mkbase-out/hello'],
    ['mkbase verify image.oci.tar', 'an archive, and the evidence beside it'],
    ['mkbase verify mkbase/hello', 'the image in the engine'],
  ]),
  diff: section('Examples', [
    ['mkbase diff old/ mkbase-out/hello', 'two output folders'],
    ['mkbase diff mkbase/debian:old mkbase/debian', 'two images in the engine'],
    ['mkbase diff a.lock.json b.lock.json --markdown', 'two locks'],
  ]),
  sign: section('Examples', [
    ['mkbase sign --generate-key key.pem', 'a pair: key.pem and key.pem.pub'],
    ['mkbase sign hello --key key.pem', 'what a build left in mkbase-out/hello'],
    ['mkbase verify hello --key key.pem.pub', 'check the signatures'],
  ]),
  init: section('Examples', [
    ['mkbase init my-app', 'a C program, linked statically'],
    ['mkbase init my-base --kind debs', 'Debian packages, without a package manager'],
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
