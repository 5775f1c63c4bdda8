/** Files of sequences as people have them: good ones, and messy ones. */

const letters = 'ACGT';

/** Bases from a small generator of its own, so that every run has the same. */
function bases(count, seed) {
  let state = seed + 1;
  const one = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return letters[Math.floor(state / 65536) % 4];
  };
  return Array.from({ length: count }, one).join('');
}

/** A FASTA file; the record of number `broken` holds a letter that is none. */
export function fasta(records, broken) {
  const one = (number) => {
    const sequence = bases(200, number);
    const mangled = number === broken ? `${sequence.slice(0, 40)}!${sequence.slice(41)}` : sequence;
    return `>peak${number} chr${(number % 22) + 1}\n${mangled}\n`;
  };
  return Array.from({ length: records }, (_, index) => one(index + 1)).join('');
}

/** What is no file of sequences whatever its name says. */
export const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48]);
