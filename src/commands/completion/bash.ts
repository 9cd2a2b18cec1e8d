import type { CompletionCommand, CompletionModel, Words } from './model.ts';

/** Returns a call of the shell's own `compgen`; `$1` is the program as it was typed. */
function generator(words: Words): string {
  switch (words.kind) {
    case 'choices':
      return `compgen -W '${words.choices.join(' ')}' -- "$cur"`;
    case 'recipes':
      return 'compgen -W "$("$1" list --names 2>/dev/null)" -- "$cur"';
    case 'files':
      return 'compgen -f -- "$cur"';
    case 'folders':
      return 'compgen -d -- "$cur"';
    case 'anything':
    case 'nothing':
      return ':';
  }
}

const flags = ({ options }: CompletionCommand): string =>
  options.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long])).join(' ');

/** Completes the value of an option: `'build -t' | 'build --tag') …`. */
const valueCases = (command: CompletionCommand): string[] =>
  command.options
    .filter(({ value }) => value.kind !== 'nothing')
    .map(({ short, long, value }) => {
      const names = short === undefined ? [long] : [short, long];
      const pattern = names.map((name) => `'${command.name} ${name}'`).join(' | ');
      return `    ${pattern}) mapfile -t COMPREPLY < <(${generator(value)}); return ;;`;
    });

/** Returns a completion script for bash 4 and later, which falls back to file names. */
export function bashCompletion({ program, defaultCommand, commands }: CompletionModel): string {
  const names = commands.map(({ name }) => name);
  return `# bash completion for ${program}
_${program}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command= word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
    ${names.join(' | ')}) command=$word; break ;;
    -*) ;;
    *) command=${defaultCommand}; break ;;
    esac
  done
  case "\${command:-${defaultCommand}} $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "\${command:-${defaultCommand}} $cur" in
${commands.map((command) => `    '${command.name} -'*) mapfile -t COMPREPLY < <(compgen -W '${flags(command)}' -- "$cur"); return ;;`).join('\n')}
  esac
  case $command in
    '') mapfile -t COMPREPLY < <(compgen -W '${names.join(' ')}' -- "$cur"; ${generator({ kind: 'recipes' })}) ;;
${commands.map(({ name, argument }) => `    ${name}) mapfile -t COMPREPLY < <(${generator(argument)}) ;;`).join('\n')}
  esac
}
complete -o default -F _${program} ${program}
`;
}
