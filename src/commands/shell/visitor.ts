import type { MkbaseError } from '../../base/errors.ts';
import type { ShellPlaceName } from '../../pipeline/shell-places.ts';
import type { Visitor } from '../../steps/visitor.ts';
import type { CommandContext } from '../command-context.ts';

const places: Readonly<Record<ShellPlaceName, string>> = {
  builder: 'the builder',
  tree: 'the root filesystem',
};

/** Says where a person is, and that nothing is kept. */
export const greeting = (recipe: string, place: ShellPlaceName): string =>
  `This is ${places[place]} of ${recipe}, without network. What you change here is thrown away.\n`;

/** Says where a person is after a step has failed. */
export const greetingAfterFailure =
  'This is where the step failed, as it left everything. What you change here is thrown away; leave it with exit, and the build ends.\n';

let leave = () => {};
let visit: Promise<void> = Promise.resolve();

/** Resolves as soon as nobody is in a shell: there is one terminal, and so one shell at a time. */
export const shellLeft = (): Promise<void> => visit;

/** Makes the visitor who sits at mkbase's terminal; `before` clears the terminal and says where they are. */
export const visitorFor = (
  { env }: CommandContext,
  before: (failure: MkbaseError | undefined) => Promise<void>,
): Visitor => ({
  terminal: env.TERM ?? 'dumb',
  async before(failure) {
    visit = new Promise((resolve) => {
      leave = resolve;
    });
    await before(failure);
  },
  after: () => leave(),
});
