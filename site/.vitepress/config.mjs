import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { entries, sidebar, slug } from '../stage.mjs';

const path = name => fileURLToPath(new URL(name, import.meta.url));
const index = readFileSync(path('../target/pages/index.md'), 'utf8');
const groups = sidebar(index);
for (const [text, folder] of [['Runbooks', 'runbooks'], ['Examples', 'examples'], ['Measurements', 'measurements']]) {
    groups.push({ text, collapsed: true, items: entries(readdirSync(path(`../target/pages/${folder}`)), folder) });
}
const apiLink = existsSync(path('../../target/site-api/index.html')) ? [{ text: 'Javadoc', link: '/api/index.html', target: '_self' }] : [];

export default defineConfig({
    title: 'Lynx for Java',
    description: 'JVM services whose production behaviour is correct by default',
    lang: 'en',
    // No icon, instead of a request for one that is not there.
    head: [['link', { rel: 'icon', href: 'data:,' }]],
    srcDir: 'target/pages',
    outDir: '../target/site',
    cacheDir: 'target/cache',
    base: process.env.LYNX_SITE_BASE ?? '/',
    cleanUrls: false,
    lastUpdated: false,
    appearance: true,
    ignoreDeadLinks: [/^https?:\/\/localhost/, /^\/api\//, /^\/files\//],
    // The pages are plain Markdown: no HTML, and braces are braces, not expressions of Vue.
    markdown: {
        html: false,
        anchor: { slugify: slug },
        config: md => {
            const code = md.renderer.rules.code_inline;
            md.renderer.rules.code_inline = (tokens, index, ...rest) => {
                tokens[index].attrSet('v-pre', '');
                return code(tokens, index, ...rest);
            };
            const text = md.renderer.rules.text;
            md.renderer.rules.text = (...all) => text(...all).replaceAll('{{', '&#123;&#123;');
        },
    },
    vite: { build: { chunkSizeWarningLimit: 2000 } },
    themeConfig: {
        nav: [
            { text: 'Documentation', link: '/' },
            { text: 'Configuration', link: '/reference/configuration' },
            { text: 'Metrics', link: '/reference/metrics' },
            ...apiLink,
            { text: 'Changes', link: '/project/changelog' },
        ],
        sidebar: groups,
        outline: [2, 3],
        search: { provider: 'local' },
    },
});
