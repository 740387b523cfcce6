// Copies the Markdown files of the repository to target/pages, in the layout of the site, and makes their links fit.
// Fails if a link leads nowhere.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const LINK = /(!?\[(?:[^\[\]]|\[[^\[\]]*\])*\])\(([^()\s]+)\)/g;
const FENCE = /^\s*(```|~~~)/;

/** The pages outside docs/, with their places on the site. */
const OTHER_PAGES = {
    'docs/README.md': 'index.md',
    'README.md': 'project/readme.md',
    'ARCHITECTURE.md': 'project/architecture.md',
    'CONTRIBUTING.md': 'project/contributing.md',
    'CHANGELOG.md': 'project/changelog.md',
    'SECURITY.md': 'project/security.md',
    'ops/README.md': 'guide/monitoring.md',
};

/** Returns where each Markdown file of the repository goes on the site. */
export function pages(root) {
    const found = new Map();
    for (const [source, target] of Object.entries(OTHER_PAGES)) {
        if (existsSync(join(root, source))) {
            found.set(source, target);
        }
    }
    for (const name of namesIn(join(root, 'examples'))) {
        if (existsSync(join(root, 'examples', name, 'README.md'))) {
            found.set(`examples/${name}/README.md`, `examples/${name}.md`);
        }
    }
    for (const name of namesIn(join(root, 'benchmarks', 'results')).filter(name => name.endsWith('.md'))) {
        found.set(`benchmarks/results/${name}`, `measurements/${name}`);
    }
    for (const name of readdirSync(join(root, 'docs'), { recursive: true })) {
        const source = posix.join('docs', name.split('\\').join('/'));
        if (source.endsWith('.md') && !found.has(source)) {
            found.set(source, source.slice('docs/'.length).replace(/README\.md$/, 'index.md'));
        }
    }
    return found;
}

function namesIn(folder) {
    return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Returns the anchor of a heading, as code hosts make it. */
export function slug(heading) {
    return heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
}

/** Returns the anchors of a page. */
export function anchors(text) {
    const found = new Set();
    let fence = null;
    for (const line of text.split('\n')) {
        const mark = FENCE.exec(line)?.[1];
        if (mark) {
            fence = fence === null ? mark : fence === mark ? null : fence;
        }
        const heading = fence === null ? /^#{1,6} +(.+?)(?: +#+)?$/.exec(line)?.[1] : undefined;
        if (heading === undefined) {
            continue;
        }
        const first = slug(heading.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replace(/[`*]/g, ''));
        let name = first;
        for (let i = 1; found.has(name); i++) {
            name = `${first}-${i}`;
        }
        found.add(name);
    }
    return found;
}

/**
 * Returns the text of a page with links that fit the site, and adds broken links to `problems`. Links to files that are
 * not pages lead to copies of them, which `attach` makes; links to folders become plain text.
 */
export function adapt(text, source, root, map, attach, problems) {
    const here = map.get(source);
    let fence = null;
    return text.split('\n').map(line => {
        const mark = FENCE.exec(line)?.[1];
        if (mark) {
            fence = fence === null ? mark : fence === mark ? null : fence;
            return line;
        }
        return fence === null ? line.replace(LINK, (whole, label, href) => linkOf(whole, label, href)) : line;
    }).join('\n');

    function linkOf(whole, label, href) {
        if (/^[a-z]+:/i.test(href)) {
            return whole;
        }
        const [path, anchor] = href.split('#', 2);
        if (path === '') {
            if (!anchors(text).has(anchor)) {
                problems.push(`${source}: the link to ${href} leads nowhere`);
            }
            return whole;
        }
        const target = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, '');
        const file = join(root, target);
        if (!existsSync(file)) {
            problems.push(`${source}: the link to ${href} leads nowhere`);
            return whole;
        }
        const page = map.get(target) ?? map.get(posix.join(target, 'README.md'));
        if (page !== undefined) {
            const known = map.has(target) ? file : join(file, 'README.md');
            if (anchor && !anchors(readFileSync(known, 'utf8')).has(anchor)) {
                problems.push(`${source}: ${target} has no heading for the link to ${href}`);
            }
            const to = posix.relative(posix.dirname(here), page) + (anchor ? '#' + anchor : '');
            return `${label}(${to.startsWith('.') ? to : './' + to})`;
        }
        if (target.endsWith('.md')) {
            problems.push(`${source}: ${target} is no page of the site`);
            return whole;
        }
        if (statSync(file).isDirectory()) {
            return label.replace(/^\[|\]$/g, '');
        }
        return `${label}(${attach(target)})`;
    }
}

/** Writes the pages and what they link to. Throws if a link leads nowhere. */
export function stage(root, out) {
    const map = pages(root);
    const problems = [];
    rmSync(out, { recursive: true, force: true });
    const attach = target => {
        const copy = join(out, 'public', 'files', target);
        mkdirSync(dirname(copy), { recursive: true });
        cpSync(join(root, target), copy);
        return '/files/' + target;
    };
    for (const [source, target] of map) {
        const markdown = readFileSync(join(root, source), 'utf8').replace(/^<!--.*-->\n+/gm, '');
        const text = adapt(markdown, source, root, map, attach, problems);
        mkdirSync(dirname(join(out, target)), { recursive: true });
        writeFileSync(join(out, target), text);
    }
    if (problems.length > 0) {
        throw new Error(problems.join('\n'));
    }
    return map;
}

/** Returns the groups of the side bar: the headings of the list of pages, each with the pages that are linked below it. */
export function sidebar(index) {
    const groups = [];
    for (const line of index.split('\n')) {
        const heading = /^## (.+)/.exec(line);
        if (heading) {
            groups.push({ text: heading[1], items: [] });
        }
        const entry = /^(?:\d+\.|-|\|) \[([^\]]+)\]\(\.\/([^)#]+)\.md[^)]*\)(?:: (.+))?/.exec(line);
        if (entry && groups.length > 0) {
            const isNumber = /^\d+$/.test(entry[1]);
            groups.at(-1).items.push({
                text: isNumber && entry[3] ? `${Number(entry[1])}. ${entry[3]}` : entry[1],
                link: '/' + entry[2].replace(/(^|\/)index$/, '$1'),
            });
        }
    }
    return groups.filter(group => group.items.length > 0);
}

/** Returns the entries of the side bar for the pages of a folder, by their names; without its index. */
export function entries(names, folder) {
    return names.filter(name => name.endsWith('.md') && name !== 'index.md').sort()
        .map(name => ({ text: name.slice(0, -3), link: `/${folder}/${name.slice(0, -3)}` }));
}

const here = dirname(fileURLToPath(import.meta.url));
if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const out = join(here, 'target', 'pages');
    const count = stage(resolve(here, '..'), out).size;
    console.log(`${count} pages in ${relative(process.cwd(), out)}`);
}
