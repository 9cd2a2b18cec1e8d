import type { CompletionCommand, CompletionModel, CompletionOption, Words } from './model.ts';

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Returns what `complete` takes for a value: `-x` a word of ours, `-r` a file, nothing for a switch. */
function valueArguments(words: Words, program: string): string {
  switch (words.kind) {
    case 'choices':
      return ` -x -a ${quoted(words.choices.join(' '))}`;
    case 'recipes':
      return ` -a '(${program} list --names 2>/dev/null)'`;
    case 'files':
      return ' -r -F';
    case 'folders':
      return " -x -a '(__fish_complete_directories)'";
    case 'anything':
      return ' -x';
    case 'nothing':
      return '';
  }
}

function optionLine(option: CompletionOption, condition: string, program: string): string {
  const short = option.short === undefined ? '' : ` -s ${option.short.slice(1)}`;
  const names = `${short} -l ${option.long.slice(2)}`;
  const value = valueArguments(option.value, program);
  return `complete -c ${program} -n ${condition}${names}${value} -d ${quoted(option.description)}`;
}

function argumentLines(command: CompletionCommand, condition: string, program: string): string[] {
  const { argument } = command;
  const files = ['recipes', 'files'].includes(argument.kind) ? '' : ' -f';
  const words =
    argument.kind === 'choices'
      ? ` -a ${quoted(argument.choices.join(' '))}`
      : argument.kind === 'files'
        ? ' -F'
        : valueArguments(argument, program);
  return [`complete -c ${program} -n ${condition}${files}${words}`];
}

/** Returns a completion script for fish. */
export function fishCompletion({ program, defaultCommand, commands }: CompletionModel): string {
  const others = commands.map(({ name }) => name).filter((name) => name !== defaultCommand);
  const conditionOf = (name: string) =>
    name === defaultCommand
      ? `'not __fish_seen_subcommand_from ${others.join(' ')}'`
      : `'__fish_seen_subcommand_from ${name}'`;
  const lines = commands.flatMap((command) => {
    const condition = conditionOf(command.name);
    return [
      `complete -c ${program} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.description)}`,
      ...command.options.map((option) => optionLine(option, condition, program)),
      ...argumentLines(command, condition, program),
    ];
  });
  return `# fish completion for ${program}\n${lines.join('\n')}\n`;
}
