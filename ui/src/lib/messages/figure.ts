import { said } from './said';

/** The words of a figure that the engine drew, in the user's language. */
export function figureIn(svg: string): string {
  return svg.replace(/>([^<>]+)<\/(text|title|desc)>/g, (_, words: string, tag: string) => {
    const plain = words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    const translated = said(plain);
    const safe = translated.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return `>${safe}</${tag}>`;
  });
}
