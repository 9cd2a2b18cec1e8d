/** Every command; a test holds the list against the command line itself. */
export const commandNames = [
  'build',
  'run',
  'list',
  'show',
  'schema',
  'doctor',
  'gc',
  'completion',
  'help',
] as const;
