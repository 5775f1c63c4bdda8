import { say, sayFailure } from '$lib/app/toasts.svelte';
import { engine, type FigureFormat } from '$lib/carrier';
import { fileName, t } from '$lib/messages';

/** The kinds of file that a figure can be saved as. */
export const FORMATS: FigureFormat[] = ['svg', 'png', 'pdf'];

/** Saves a figure where the user wants it, or hands it to the browser. */
export async function saveFigure(run: string, name: string, format: FigureFormat): Promise<void> {
  try {
    const carrier = engine();
    const suggested = `${fileName(run)}-${name}.${format}`;
    let out: string | undefined;
    if (carrier.can.saveAs) {
      out = await carrier.saveAs(suggested, [{ name: format.toUpperCase(), extensions: [format] }]);
      if (out === undefined) return;
    }
    const saved = await carrier.call('results.save_figure', {
      run,
      name,
      format,
      ...(out === undefined ? {} : { out }),
    });
    if (out === undefined) await carrier.hand(saved.path);
    else say(t('results.saved', { file: fileName(saved.path) }), { tone: 'fine' });
  } catch (error) {
    sayFailure(error);
  }
}

/** Shows the report. */
export function openReport(page: string): void {
  engine().openReport(page).catch(sayFailure);
}
