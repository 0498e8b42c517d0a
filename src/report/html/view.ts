import { formatDuration } from '../format.js';
import type { ReportItem, ReportModel, Span } from '../model.js';
import { markup, type Markup, type MarkupValue } from './markup.js';

/** A section of the page: a heading that the navigation leads to, a lead, and what it holds. */
export function section(
  id: string,
  title: string,
  lead: MarkupValue,
  ...content: MarkupValue[]
): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><div class="section-head"><h2 id="${id}-title">${title}</h2>${lead !== undefined && markup`<p class="lead">${lead}</p>`}</div>${content}</section>\n`;
}

/** Shown where a section has nothing to list, so that silence isn't mistaken for an omission. */
export function empty(text: string): Markup {
  return markup`<p class="empty">${text}</p>`;
}

/** An item's name; a click on it opens its details (the page's script fills the dialog). */
export function itemButton(item: ReportItem): Markup {
  return markup`<button type="button" class="item-name" data-item="${item.index}">${item.result.name}</button>`;
}

export function itemDuration(item: ReportItem): string {
  return item.span === undefined ? '' : formatDuration(item.span.end - item.span.start);
}

/** How far into the run a time lies, in percent of the run, to a thousandth. */
export function percent(time: number, span: Span): number {
  const length = span.end - span.start;
  return length === 0 ? 0 : round(((time - span.start) / length) * 100);
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** From how many items on what is folded up is built only once it is opened. */
const lazyFrom = 600;

/**
 * The inside of something folded up. In a large report it waits in a `<template>`, which the browser
 * parses but neither lays out nor exposes, until the page's script puts it in place.
 */
export function folded(model: ReportModel, content: Markup): Markup {
  return model.items.length < lazyFrom ? content : markup`<template>${content}</template>`;
}

/** Rows or cards beyond the first hundred wait in templates behind a button, a hundred at a time. */
export function inChunks<T>(
  entries: readonly T[],
  noun: string,
  renderAll: (chunk: readonly T[]) => Markup,
): Markup {
  const size = 100;
  const chunks: Markup[] = [renderAll(entries.slice(0, size))];
  for (let from = size; from < entries.length; from += size) {
    chunks.push(
      markup`<template class="chunk">${renderAll(entries.slice(from, from + size))}</template>`,
    );
  }
  if (chunks.length === 1) return markup`${chunks}`;
  const left = entries.length - size;
  return markup`<div class="chunks">${chunks}<button type="button" class="button more" data-noun="${noun}" data-left="${left}">Show more ${noun} (${left} left)</button></div>`;
}
