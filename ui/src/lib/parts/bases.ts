/** Letters that follow each other in one colour. */
export interface Run {
  letters: string;
  colour: 'a' | 'c' | 'g' | 't' | 'other';
}

const colours: Record<string, Run['colour']> = { A: 'a', C: 'c', G: 'g', T: 't', U: 't' };

/** A sequence in runs of one colour. */
export function runs(sequence: string): Run[] {
  const found: Run[] = [];
  for (const letter of sequence) {
    const colour = colours[letter.toUpperCase()] ?? 'other';
    const last = found.at(-1);
    if (last?.colour === colour) last.letters += letter;
    else found.push({ letters: letter, colour });
  }
  return found;
}
