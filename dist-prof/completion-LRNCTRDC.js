import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  offeredOutputs
} from "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-6OPODO3C.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/completion/bash.ts
function generator(words) {
  switch (words.kind) {
    case "choices":
      return `compgen -W '${words.choices.join(" ")}' -- "$cur"`;
    case "recipes":
      return 'compgen -W "$("$1" list --names 2>/dev/null)" -- "$cur"';
    case "files":
      return 'compgen -f -- "$cur"';
    case "folders":
      return 'compgen -d -- "$cur"';
    case "anything":
    case "nothing":
      return ":";
  }
}
var flags = ({ options }) => options.flatMap(({ short, long }) => short === void 0 ? [long] : [short, long]).join(" ");
var valueCases = (command) => command.options.filter(({ value }) => value.kind !== "nothing").map(({ short, long, value }) => {
  const names = short === void 0 ? [long] : [short, long];
  const pattern = names.map((name) => `'${command.name} ${name}'`).join(" | ");
  return `    ${pattern}) mapfile -t COMPREPLY < <(${generator(value)}); return ;;`;
});
function bashCompletion({ program, defaultCommand, commands }) {
  const names = commands.map(({ name }) => name);
  return `# bash completion for ${program}
_${program}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command= word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
    ${names.join(" | ")}) command=$word; break ;;
    -*) ;;
    *) command=${defaultCommand}; break ;;
    esac
  done
  case "\${command:-${defaultCommand}} $prev" in
${commands.flatMap(valueCases).join("\n")}
  esac
  case "\${command:-${defaultCommand}} $cur" in
${commands.map((command) => `    '${command.name} -'*) mapfile -t COMPREPLY < <(compgen -W '${flags(command)}' -- "$cur"); return ;;`).join("\n")}
  esac
  case $command in
    '') mapfile -t COMPREPLY < <(compgen -W '${names.join(" ")}' -- "$cur"; ${generator({ kind: "recipes" })}) ;;
${commands.map(({ name, argument }) => `    ${name}) mapfile -t COMPREPLY < <(${generator(argument)}) ;;`).join("\n")}
  esac
}
complete -o default -F _${program} ${program}
`;
}

// src/commands/completion/fish.ts
var quoted = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
function valueArguments(words, program) {
  switch (words.kind) {
    case "choices":
      return ` -x -a ${quoted(words.choices.join(" "))}`;
    case "recipes":
      return ` -a '(${program} list --names 2>/dev/null)'`;
    case "files":
      return " -r -F";
    case "folders":
      return " -x -a '(__fish_complete_directories)'";
    case "anything":
      return " -x";
    case "nothing":
      return "";
  }
}
function optionLine(option, condition, program) {
  const short = option.short === void 0 ? "" : ` -s ${option.short.slice(1)}`;
  const names = `${short} -l ${option.long.slice(2)}`;
  const value = valueArguments(option.value, program);
  return `complete -c ${program} -n ${condition}${names}${value} -d ${quoted(option.description)}`;
}
function argumentLines(command, condition, program) {
  const { argument } = command;
  const files = ["recipes", "files"].includes(argument.kind) ? "" : " -f";
  const words = argument.kind === "choices" ? ` -a ${quoted(argument.choices.join(" "))}` : argument.kind === "files" ? " -F" : valueArguments(argument, program);
  return [`complete -c ${program} -n ${condition}${files}${words}`];
}
function fishCompletion({ program, defaultCommand, commands }) {
  const others = commands.map(({ name }) => name).filter((name) => name !== defaultCommand);
  const conditionOf = (name) => name === defaultCommand ? `'not __fish_seen_subcommand_from ${others.join(" ")}'` : `'__fish_seen_subcommand_from ${name}'`;
  const lines = commands.flatMap((command) => {
    const condition = conditionOf(command.name);
    return [
      `complete -c ${program} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.description)}`,
      ...command.options.map((option) => optionLine(option, condition, program)),
      ...argumentLines(command, condition, program)
    ];
  });
  return `# fish completion for ${program}
${lines.join("\n")}
`;
}

// src/commands/completion/model.ts
var outputTypes = offeredOutputs().map(({ name }) => `type=${name}`);
function valueWords(option) {
  if (!option.required && !option.optional) return { kind: "nothing" };
  if (option.argChoices !== void 0) return { kind: "choices", choices: option.argChoices };
  const name = /[<[](\w+)/.exec(option.flags)?.[1];
  if (name === "output") return { kind: "choices", choices: outputTypes };
  if (name === "file") return { kind: "files" };
  if (name === "recipe") return { kind: "recipes" };
  return { kind: name === "folder" ? "folders" : "anything" };
}
var toOption = (option) => ({
  long: option.long ?? option.flags,
  short: option.short,
  description: option.description,
  repeatable: option.parseArg !== void 0,
  value: valueWords(option)
});
function argumentOf(command) {
  const [argument] = command.registeredArguments;
  if (argument === void 0) return { kind: "nothing" };
  if (argument.argChoices !== void 0) return { kind: "choices", choices: argument.argChoices };
  if (argument.name() === "folder") return { kind: "folders" };
  if (["subject", "one"].includes(argument.name())) return { kind: "files" };
  return { kind: argument.name() === "recipe" ? "recipes" : "anything" };
}
function completionModel(program) {
  const help = program.createHelp();
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.summary(),
    options: help.visibleOptions(command).map(toOption),
    argument: argumentOf(command)
  }));
  return { program: program.name(), defaultCommand: "build", commands };
}

// src/commands/completion/zsh.ts
var quoted2 = (text) => `'${text.replaceAll("'", "'\\''")}'`;
var plain = (text) => text.replace(/[\\[\]:]/g, "\\$&");
function action(words, program) {
  switch (words.kind) {
    case "choices":
      return `(${words.choices.join(" ")})`;
    case "recipes":
      return `_${program}_recipes`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "anything":
    case "nothing":
      return " ";
  }
}
function optionSpecs(option, program) {
  const { long, short, value, repeatable } = option;
  const takesValue = value.kind !== "nothing";
  const names = short === void 0 ? [long] : [short, long];
  const others = repeatable ? "*" : `(${names.join(" ")})`;
  const argument = takesValue ? `:value:${action(value, program)}` : "";
  return names.map((name) => {
    const separator = takesValue && name.startsWith("--") ? "=" : "";
    return quoted2(`${others}${name}${separator}[${plain(option.description)}]${argument}`);
  });
}
function commandCase(command, program) {
  const argument = command.argument.kind === "nothing" ? [] : [quoted2(`*:${command.argument.kind}:${action(command.argument, program)}`)];
  const specs = [...command.options.flatMap((option) => optionSpecs(option, program)), ...argument];
  return `    (${command.name}) _arguments -s -S ${specs.join(" \\\n      ")} ;;`;
}
function zshCompletion({ program, defaultCommand, commands }) {
  const described = commands.map(
    ({ name, description }) => quoted2(`${name}:${plain(description)}`)
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
    ${described.join("\n    ")}
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
    (${commands.map(({ name }) => name).join("|")}) command=\${words[2]}; shift words; (( CURRENT-- )) ;;
  esac
  case $command in
${commands.map((command) => commandCase(command, program)).join("\n")}
  esac
}
if [[ \${funcstack[1]} == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;
}

// src/commands/completion.ts
var scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
var shells = Object.keys(scripts);
async function completion(shell, program, { stdout }) {
  stdout.write(scripts[shell](completionModel(program)));
  return 0;
}
export {
  completion,
  shells
};
//# sourceMappingURL=completion-LRNCTRDC.js.map
