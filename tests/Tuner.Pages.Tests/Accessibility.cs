using System.Text.Json;
using Microsoft.Playwright;

namespace Tuner.Pages.Tests;

/// <summary>Rules that every page keeps: names, one main heading, order of headings, contrast, focus that can be seen.</summary>
internal static class Accessibility
{
    private static readonly string Script = Load();

    /// <summary>What is wrong with the page, one sentence each.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page) =>
        (await page.EvaluateAsync<JsonElement>(Script)).EnumerateArray().Select(item => item.GetString()!).ToList();

    private static string Load() => """
        () => {
          const wrong = [];
          const seen = element => { const box = element.getBoundingClientRect(); const style = getComputedStyle(element); return box.width > 0 && box.height > 0 && style.visibility !== 'hidden'; };
          const named = element => (element.getAttribute('aria-label') || (element.getAttribute('aria-labelledby') ? document.getElementById(element.getAttribute('aria-labelledby').split(' ')[0])?.textContent : '') || element.labels?.[0]?.textContent || element.textContent || element.title || '').trim();
          if (document.documentElement.lang !== 'en') wrong.push('the page has no language');
          if (!document.title.trim()) wrong.push('the page has no title');
          if (document.querySelectorAll('main').length !== 1) wrong.push('there is not exactly one main');
          const headings = [...document.querySelectorAll('h1,h2,h3,h4')].filter(seen);
          if (headings.filter(item => item.tagName === 'H1').length !== 1) wrong.push(`there are ${headings.filter(item => item.tagName === 'H1').length} main headings`);
          headings.reduce((before, item) => { const level = Number(item.tagName[1]); if (level > before + 1) wrong.push(`heading '${item.textContent}' skips a level`); return level; }, 0);
          for (const element of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,progress,[role=group],svg[role=img]')) {
            const name = element.matches('svg') ? element.querySelector('title')?.textContent : element.matches('input,select,textarea,progress,[role=group]') ? (element.getAttribute('aria-label') || element.labels?.[0]?.textContent || '').trim() : named(element);
            if (!name) wrong.push(`${element.outerHTML.slice(0, 90)} has no name`);
          }
          const ids = [...document.querySelectorAll('[id]')].map(item => item.id);
          ids.filter((id, index) => ids.indexOf(id) !== index).forEach(id => wrong.push(`the id '${id}' is given twice`));
          for (const table of document.querySelectorAll('table')) if (!table.querySelector('th[scope]')) wrong.push('a table has no headings');
          const parse = text => { const match = text.match(/rgba?\(([^)]+)\)/); const [r, g, b, a] = match[1].split(/[ ,\/]+/).map(Number); return { r, g, b, a: a ?? 1 }; };
          const light = ({ r, g, b }) => [r, g, b].map(value => { const share = value / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; }).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
          const behind = element => { for (let item = element; item; item = item.parentElement) { const color = parse(getComputedStyle(item).backgroundColor); if (color.a > 0.99) return color; } return { r: 255, g: 255, b: 255 }; };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const told = new Set();
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const element = node.parentElement;
            if (!node.textContent.trim() || !seen(element) || element.closest('svg,script,style,progress,option')) continue;
            const style = getComputedStyle(element);
            const [one, two] = [light(parse(style.color)), light(behind(element))].sort((a, b) => b - a);
            const ratio = (one + 0.05) / (two + 0.05);
            const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
            const key = style.color + JSON.stringify(behind(element));
            if (ratio < (large ? 3 : 4.5) && !told.has(key)) { told.add(key); wrong.push(`'${node.textContent.trim().slice(0, 40)}' has a contrast of ${ratio.toFixed(2)}`); }
          }
          if (document.documentElement.scrollWidth > innerWidth + 1) wrong.push(`the page is ${document.documentElement.scrollWidth} px wide on a screen of ${innerWidth}`);
          return wrong;
        }
        """;
}
