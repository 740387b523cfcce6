import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { anchors, entries, sidebar, slug, stage } from './stage.mjs';

let root;
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'site-')); });
afterEach(() => rmSync(root, { recursive: true }));

function repository(files) {
    for (const [name, text] of Object.entries({ 'docs/README.md': '# Documentation\n', ...files })) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        writeFileSync(join(root, name), text);
    }
}

function staged(page) {
    stage(root, join(root, 'out'));
    return readFileSync(join(root, 'out', page), 'utf8');
}

test('links between pages follow them to their places', () => {
    repository({
        'docs/README.md': '[first](guide/first.md), [readme](../README.md#run)\n',
        'docs/guide/first.md': '[all](../README.md) [alerts](../../ops/README.md) [one](../runbooks/README.md)\n',
        'docs/runbooks/README.md': '# Runbooks\n',
        'ops/README.md': '# Alerts\n',
        'README.md': '# Lynx\n## Run\n',
    });
    assert.equal(staged('index.md'), '[first](./guide/first.md), [readme](./project/readme.md#run)\n');
    assert.equal(staged('guide/first.md'), '[all](../index.md) [alerts](./monitoring.md) [one](../runbooks/index.md)\n');
});

test('files that are no pages are copied, and folders become text', () => {
    repository({ 'docs/guide/a.md': '[rules](../../ops/rules.yml) and [`ops`](../../ops)\n', 'ops/rules.yml': 'groups: []\n' });
    assert.equal(staged('guide/a.md'), '[rules](/files/ops/rules.yml) and `ops`\n');
    assert.equal(readFileSync(join(root, 'out/public/files/ops/rules.yml'), 'utf8'), 'groups: []\n');
});

test('the examples are pages', () => {
    repository({
        'docs/guide/a.md': '[orders](../../examples/orders/README.md#try-it) and [shop](../../examples/shop)\n',
        'examples/orders/README.md': '## Try it\n[shop](../shop)\n',
        'examples/shop/README.md': '# Shop\n',
    });
    assert.equal(staged('guide/a.md'), '[orders](../examples/orders.md#try-it) and [shop](../examples/shop.md)\n');
    assert.equal(staged('examples/orders.md'), '## Try it\n[shop](./shop.md)\n');
});

test('a Markdown file that is no page is refused', () => {
    repository({ 'docs/guide/a.md': '[notes](../../notes.md)\n', 'notes.md': '# Notes\n' });
    assert.throws(() => stage(root, join(root, 'out')), /docs\/guide\/a\.md: notes\.md is no page of the site/);
});

test('a link that leads nowhere is refused with its page', () => {
    repository({ 'docs/guide/a.md': '[b](b.md)\n[c](#missing)\n[d](../README.md#gone)\n' });
    assert.throws(() => stage(root, join(root, 'out')), error => {
        assert.match(error.message, /docs\/guide\/a\.md: the link to b\.md leads nowhere/);
        assert.match(error.message, /docs\/guide\/a\.md: the link to #missing leads nowhere/);
        assert.match(error.message, /docs\/README\.md has no heading for the link to \.\.\/README\.md#gone/);
        return true;
    });
});

test('code blocks and other addresses stay as they are', () => {
    const text = '```java\nlist.get[0](missing.md)\n```\n[site](https://example.org/x.md)\n';
    repository({ 'docs/guide/a.md': text });
    assert.equal(staged('guide/a.md'), text);
});

test('headings have the anchors that code hosts give them', () => {
    assert.equal(slug('Two commands: `run` & stop!'), 'two-commands-run--stop');
    assert.deepEqual([...anchors('# A\n## `x.y`\n```\n# no\n```\n## A\n')], ['a', 'xy', 'a-1']);
});

test('the side bar has the order of the list of pages', () => {
    assert.deepEqual(sidebar('# All\n## Begin\n1. [First](./guide/first.md): a start\n## Decide\n- [0007](./adr/0007-x.md): Seven\n| [Keys](./reference/keys.md) | all |\n## Empty\n'), [
        { text: 'Begin', items: [{ text: 'First', link: '/guide/first' }] },
        { text: 'Decide', items: [{ text: '7. Seven', link: '/adr/0007-x' }, { text: 'Keys', link: '/reference/keys' }] },
    ]);
});

test('the pages of a folder are listed by name, without its index', () => {
    assert.deepEqual(entries(['HighMemoryUsage.md', 'index.md', 'CircuitBreakerOpen.md', 'a.png'], 'runbooks'), [
        { text: 'CircuitBreakerOpen', link: '/runbooks/CircuitBreakerOpen' },
        { text: 'HighMemoryUsage', link: '/runbooks/HighMemoryUsage' },
    ]);
});
