import { quoteWord } from '../base/shell-word.ts';

/** Returns a pattern of a shell's `case` for lines that have words somewhere. */
export const anywhere = (words: string): string => `*${quoteWord(words)}*`;

/**
 * Returns lines of a POSIX shell that run a command, and fail also where it ends well: as soon as a line of what it
 * prints matches one of the patterns of `case`. Package managers go on when the script of a package fails.
 */
export const watchedWords = (command: string, patterns: readonly string[]): string => `
watched() {
  ${command} 2>&1 || printf '\\n%s\\n' "It ended with status $?."
}
watched | {
  failed=
  while IFS= read -r line || [ -n "$line" ]; do
    printf '%s\\n' "$line"
    case $line in
      ${[...patterns, "'It ended with status '*"].join(' | ')}) failed=1 ;;
    esac
  done
  [ -z "$failed" ]
}
`;
