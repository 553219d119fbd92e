// Runs the script of a report's page with something typed into its filter, and prints what it shows: the scenarios, then the count.
// The elements are those of the page, read out of it; a browser has more of everything.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const [page, typed] = process.argv.slice(2);
const html = readFileSync(page, 'utf8');
const plain = (text) => text.replaceAll('&#43;', '+').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
const scenarios = [...html.matchAll(/<details class="scenario" data-text="([^"]*)" data-status="([^"]*)"[^>]*>\s*<summary>.*?<\/b> [^:]*: (.*?) <(?:span|small)/gs)]
  .map(([, text, status, name]) => ({ dataset: { text: plain(text), status }, name: plain(name), hidden: false }));

const listeners = {};
const elements = { filter: { value: '', addEventListener: (event, heard) => { listeners[event] = heard; } }, shown: { textContent: '' } };
for (const id of Object.keys(elements)) {
  if (!html.includes(`id="${id}"`)) throw new Error(`the page has no ${id}`);
}
const location = { hash: '', replace(to) { this.hash = to; } };
const document = {
  querySelectorAll: (selector) => { if (selector !== '.scenario') throw new Error(selector); return scenarios; },
  getElementById: (id) => elements[id],
};
vm.runInNewContext(html.match(/<script>(.*)<\/script>/s)[1], { document, location, decodeURIComponent, encodeURIComponent });
if (scenarios.some((one) => one.hidden)) throw new Error('something is hidden before anybody typed');
elements.filter.value = typed;
listeners.input();
if (decodeURIComponent(location.hash.slice(1)) !== typed) throw new Error('the address does not keep what was typed');
for (const one of scenarios) if (!one.hidden) console.log(one.name);
console.log(elements.shown.textContent);
