import { printed } from '../../base/characters.ts';
import { MkbaseError } from '../../base/errors.ts';
import { excerpt, positionOf, type Span } from './excerpt.ts';

/** A YAML file as it was read. */
export interface SourceText {
  /** Absolute path. */
  readonly file: string;
  /** The path as people see it in messages. */
  readonly shownAs: string;
  readonly text: string;
  /** sha256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/** Something wrong with a piece of the text. */
export interface Mistake {
  readonly span: Span;
  readonly message: string;
  /** A correction, or the expected form. */
  readonly hint?: string;
  /** Offset of the first of two duplicates. */
  readonly earlier?: number;
}

/** A mistake for people and machines; line and column count from 1, the column in characters. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

/** Every mistake of one recipe, toolchain or policy file. */
export class RecipeError extends MkbaseError {
  /** In the order of the file; the message shows the same. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super({
      code: 'RECIPE_INVALID',
      message,
      hint: 'Correct what is marked and run the command again; `mkbase schema` prints every field with its meaning.',
    });
    this.diagnostics = diagnostics;
  }
}

/** Mistakes that are shown: more than a person reads. A hostile file could hold 100,000. */
const mostShown = 50;

function toDiagnostic({ file, text }: SourceText, mistake: Mistake): Diagnostic {
  const { span, message, earlier } = mistake;
  const position = positionOf(text, span.start);
  const hint =
    earlier === undefined
      ? mistake.hint
      : `it stands in line ${positionOf(text, earlier).line} already; keep one of them`;
  return {
    file,
    ...position,
    message: printed(message),
    ...(hint === undefined ? {} : { hint: printed(hint) }),
  };
}

function render(source: SourceText, diagnostic: Diagnostic, span: Span): string {
  const place = `${printed(source.shownAs)}:${diagnostic.line}:${diagnostic.column}`;
  const lines = [`${place}: ${diagnostic.message}`, excerpt(source.text, span)];
  if (diagnostic.hint !== undefined) lines.push(`  ${diagnostic.hint}`);
  return lines.join('\n');
}

/** Makes the error that shows every mistake with its place, in the order of the file. */
export function recipeError(source: SourceText, mistakes: readonly Mistake[]): RecipeError {
  const sorted = [...mistakes].sort((a, b) => a.span.start - b.span.start);
  const shown = sorted.slice(0, mostShown);
  const diagnostics = shown.map((mistake) => toDiagnostic(source, mistake));
  const count = sorted.length === 1 ? '1 mistake' : `${sorted.length} mistakes`;
  const blocks = [
    `${count} in ${printed(source.shownAs)}`,
    ...diagnostics.map((diagnostic, index) => render(source, diagnostic, shown[index]!.span)),
  ];
  if (sorted.length > mostShown) blocks.push(`… and ${sorted.length - mostShown} more`);
  return new RecipeError(blocks.join('\n\n'), diagnostics);
}
