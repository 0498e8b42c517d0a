import type { Page } from 'playwright-core';
import { z } from 'zod';

// What runs in the page is text: the project's types know no DOM, and what comes back is parsed.

/** Opens all that is folded up, as its readers' clicks would. */
export async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
}

/** How wide the page is, in CSS pixels, including what would have to be scrolled to. */
export async function pageWidth(page: Page): Promise<number> {
  return z.number().parse(await page.evaluate(`document.documentElement.scrollWidth`));
}

/** A computed colour of the body, as `rgb(…)`. */
export async function bodyColour(page: Page, name: 'color' | 'backgroundColor'): Promise<string> {
  return z.string().parse(await page.evaluate(`getComputedStyle(document.body).${name}`));
}

const edges = z.object({ left: z.number(), right: z.number() });
const boxes = z.array(z.object({ label: z.string(), bar: edges, track: edges }));

/** Each bar of the timeline beside the track that it lies on, in CSS pixels. */
export async function barBoxes(page: Page): Promise<z.infer<typeof boxes>> {
  const found = await page.evaluate(`(() => {
    const edges = (element) => {
      const { left, right } = element.getBoundingClientRect();
      return { left, right };
    };
    return [...document.querySelectorAll('.bar')].map((bar) => ({
      label: bar.getAttribute('aria-label'),
      bar: edges(bar),
      track: edges(bar.parentElement),
    }));
  })()`);
  return boxes.parse(found);
}

const graphNodes = z.array(z.object({ item: z.number(), label: z.string(), colour: z.string() }));

/** Each node of the graphs that stands for an item, with the colour that it is drawn in. */
export async function drawnNodes(page: Page): Promise<z.infer<typeof graphNodes>> {
  const found = await page.evaluate(
    `[...document.querySelectorAll('.node[data-item]')].map((node) => ({
      item: Number(node.getAttribute('data-item')),
      label: node.getAttribute('aria-label'),
      colour: getComputedStyle(node).color,
    }))`,
  );
  return graphNodes.parse(found);
}

/** Tells the page that it is about to be printed, or has been. */
export async function tellPrinting(page: Page, event: 'beforeprint' | 'afterprint'): Promise<void> {
  await page.evaluate(`dispatchEvent(new Event('${event}'))`);
}
