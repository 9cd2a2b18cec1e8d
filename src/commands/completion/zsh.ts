import type { CompletionCommand, CompletionModel, CompletionOption, Words } from './model.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Escapes characters that mean something inside a specification of `_arguments` or `_describe`. */
const plain = (text: string): string => text.replace(/[\\[\]:]/g, '\\$&');

function action(words: Words, program: string): string {
  switch (words.kind) {
    case 'choices':
      return `(${words.choices.join(' ')})`;
    case 'recipes':
      return `_${program}_recipes`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'anything':
    case 'nothing':
      return ' ';
  }
}

function optionSpecs(option: CompletionOption, program: string): string[] {
  const { long, short, value, repeatable } = option;
  const takesValue = value.kind !== 'nothing';
  const names = short === undefined ? [long] : [short, long];
  const others = repeatable ? '*' : `(${names.join(' ')})`;
  const argument = takesValue ? `:value:${action(value, program)}` : '';
  return names.map((name) => {
    const separator = takesValue && name.startsWith('--') ? '=' : '';
    return quoted(`${others}${name}${separator}[${plain(option.description)}]${argument}`);
  });
}

function commandCase(command: CompletionCommand, program: string): string {
  const argument =
    command.argument.kind === 'nothing'
      ? []
      : [quoted(`*:${command.argument.kind}:${action(command.argument, program)}`)];
  const specs = [...command.options.flatMap((option) => optionSpecs(option, program)), ...argument];
  return `    (${command.name}) _arguments -s -S ${specs.join(' \\\n      ')} ;;`;
}

/** Returns a completion script for zsh, to be sourced after compinit or put on the fpath as `_mkbase`. */
export function zshCompletion({ program, defaultCommand, commands }: CompletionModel): string {
  const described = commands.map(({ name, description }) =>
    quoted(`${name}:${plain(description)}`),
  );
  return `#compdef ${program}
_${program}_recipes() {
  local -a names
  names=(\${(f)"$(${program} list --names 2>/dev/null)"})
  compadd -X recipe -a names
  _files
}
_${program}_commands() {
  local -a commands
  commands=(
    ${described.join('\n    ')}
  )
  _describe -t commands command commands
}
_${program}() {
  local command=${defaultCommand}
  if (( CURRENT == 2 )) && [[ \${words[2]} != -* ]]; then
    _${program}_commands
    _${program}_recipes
    return
  fi
  case \${words[2]} in
    (${commands.map(({ name }) => name).join('|')}) command=\${words[2]}; shift words; (( CURRENT-- )) ;;
  esac
  case $command in
${commands.map((command) => commandCase(command, program)).join('\n')}
  esac
}
if [[ \${funcstack[1]} == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;
}
