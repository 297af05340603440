/** Light, dark and paper. Contrast of text is at least 4.5:1 in each. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1a2230;--soft:#4d5869;--line:#d4dae3;--faint:#f3f5f8;--page:#fff;--accent:#0b5394;
--fail:#a3181b;--fail-bg:#fdecea;--unknown:#7a4d00;--unknown-bg:#fff3d6;--pass:#0e5c75;--pass-bg:#e3f2f7;--none:#4d5869;--none-bg:#eef0f4;
--bar-fail:#a3181b;--bar-waived:#d78f8f;--bar-unknown:#f4c95d;--bar-pass:#4a9bb5;--bar-none:#c3cad5;--bar-manual:#fff;--hatch:#8a5a00;--thin:#7d2c2c}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6eaf1;--soft:#aab4c3;--line:#3a4556;--faint:#1b232f;--page:#11161e;--accent:#8cc3f5;
--fail:#ff9d94;--fail-bg:#3d1a1a;--unknown:#f4c95d;--unknown-bg:#38290a;--pass:#7fd0ea;--pass-bg:#0d2d39;--none:#aab4c3;--none-bg:#252f3d;
--bar-fail:#f0706a;--bar-waived:#7a3a3a;--bar-unknown:#c79a2e;--bar-pass:#23687f;--bar-none:#465265;--bar-manual:#11161e;--hatch:#3a2900;--thin:#d78f8f}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
.skip{position:absolute;left:-9999px}
.skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem;z-index:2}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
header,main,footer{max-width:1120px;margin:0 auto;padding:0 1.5rem}
header{padding-top:2rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.35rem;line-height:1.25;margin:3rem 0 .5rem;padding-top:1.25rem;border-top:2px solid var(--ink)}
h3{font-size:1.05rem;margin:2rem 0 .35rem}
p{margin:.4rem 0 .8rem;max-width:75ch}
.lead{color:var(--soft);margin:0}
.meta{display:grid;grid-template-columns:repeat(auto-fit,minmax(25rem,1fr));gap:.15rem 2rem;margin:1rem 0;font-size:.85rem}
.meta div{display:flex;gap:.6rem}.meta dt{color:var(--soft);flex:0 0 6.2rem}.meta dd{margin:0}
.banner{border:2px solid var(--pass);border-left-width:10px;background:var(--pass-bg);padding:.8rem 1.1rem;margin:1.25rem 0}
.banner.not{border-color:var(--unknown);background:var(--unknown-bg)}
.banner strong{display:block;font-size:1.15rem}
.banner ul{margin:.3rem 0 0;padding-left:1.2rem}
.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:.75rem;margin:1.25rem 0;padding:0;list-style:none}
.tiles li{border:1px solid var(--line);padding:.7rem .9rem}
.tiles b{display:block;font-size:1.75rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles span{display:block;font-size:.85rem}.tiles .sub{color:var(--soft);font-size:.8rem}
nav ol{columns:3 14rem;margin:.5rem 0;padding-left:1.4rem;font-size:.9rem}
.scroll{overflow-x:auto;margin:.6rem 0 1.4rem}
table{border-collapse:collapse;width:100%;font-size:.86rem;line-height:1.4}
.short{width:auto}.short .n{padding-left:2.5rem}
caption{text-align:left;font-weight:600;padding:.2rem 0 .4rem}
th,td{text-align:left;vertical-align:top;padding:.38rem .6rem;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--soft);background:var(--faint);font-weight:600;white-space:nowrap}
tbody th{font-weight:600;min-width:8.8rem}td{min-width:5.6rem}td.n{min-width:0}
th,td,dd,li,code,summary,.uid{unicode-bidi:isolate}
time{white-space:nowrap}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.zero{color:var(--soft)}
.small,.uid{font-size:.8rem;color:var(--soft)}
.uid{display:block;font-weight:400}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.mark,.severity{display:inline-block;white-space:nowrap;padding:.05rem .45rem;border:1px solid currentColor;border-radius:3px;font-size:.8rem;font-weight:600}
.mark.fail{color:var(--fail);background:var(--fail-bg)}.mark.waived{color:var(--fail);background:var(--page);border-style:dashed}
.mark.unknown{color:var(--unknown);background:var(--unknown-bg);border-style:dotted}.mark.pass{color:var(--pass);background:var(--pass-bg)}
.mark.none,.mark.manual{color:var(--none);background:var(--none-bg)}.mark.manual{background:var(--page);border-style:dashed}
.severity{color:var(--ink);background:var(--page);border-color:var(--line);font-weight:400}
.s-critical{background:#a3181b;border-color:#a3181b;color:#fff;font-weight:700}.s-high{border:2px solid var(--fail);color:var(--fail);font-weight:700}
.bar{display:block;width:100%;min-width:7rem;height:14px;margin-top:.2rem}
.bar rect:not(.f-empty,.f-manual){stroke:var(--page);stroke-width:.8}
.defs{position:absolute}
.f-empty{fill:var(--faint)}.f-fail{fill:var(--bar-fail)}.f-waived{fill:url(#cross)}.f-unknown{fill:url(#hatch)}.f-pass{fill:var(--bar-pass)}.f-none{fill:var(--bar-none)}
.f-manual{fill:var(--bar-manual);stroke:var(--soft);stroke-width:1;stroke-dasharray:2}
.p-unknown{fill:var(--bar-unknown)}.p-line{fill:var(--hatch)}.p-waived{fill:var(--bar-waived)}.p-thin{fill:var(--thin)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:.5rem 0;font-size:.82rem}
.legend svg{width:14px;height:14px;vertical-align:-2px;margin-right:.35rem}
.check{border-left:4px solid var(--line);padding-left:.9rem;margin:1.8rem 0}
.check h3{margin-top:0}
.facts{font-size:.84rem;margin:.3rem 0}.facts div{display:flex;gap:.6rem}.facts dt{flex:0 0 6.2rem;color:var(--soft)}.facts dd{margin:0}
.passed{margin:.3rem 0}.passed summary{cursor:pointer;font-size:.86rem;padding:.2rem 0}
.evidence{margin:0;padding-left:1rem;font-size:.82rem}
.tools{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end;margin:.8rem 0;padding:.7rem;background:var(--faint);border:1px solid var(--line)}
.tools label{display:grid;font-size:.82rem}.tools input,.tools select{font:inherit;padding:.25rem .4rem;color:inherit;background:var(--page);border:1px solid var(--soft);min-width:11rem}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}
th button::after{content:" \\2195";color:var(--soft)}th[aria-sort=ascending] button::after{content:" \\2191"}th[aria-sort=descending] button::after{content:" \\2193"}
.chart{width:100%;max-width:760px;height:auto}.chart text{fill:var(--soft);font-size:11px}.chart .axis{stroke:var(--line)}
.line{fill:none;stroke:var(--bar-fail);stroke-width:2.5}.stale{fill:none;stroke:var(--soft);stroke-width:1.5;stroke-dasharray:4 3}.chart circle{fill:var(--bar-fail)}
footer{margin-top:3rem;padding-top:1rem;padding-bottom:2rem;border-top:1px solid var(--line);font-size:.82rem;color:var(--soft)}
@media (max-width:640px){header,main,footer{padding-left:1rem;padding-right:1rem}h1{font-size:1.5rem}.tiles{grid-template-columns:1fr 1fr}.tiles b{font-size:1.4rem}
nav ol{columns:1}.meta,.facts div{display:block}.check{padding-left:.6rem}}
@media screen and (max-width:640px){.scroll{overflow:visible}table,caption,tbody,tbody tr,tbody th,td{display:block}thead,td:empty{display:none}tbody tr{border-bottom:1px solid var(--line);padding:.5rem 0}
tbody th,td{border:0;padding:.1rem 0;min-width:0}td[data-head]::before{content:attr(data-head) ": ";color:var(--soft)}td.n{display:inline-block;text-align:left;margin-right:1rem}td .bar{max-width:20rem}caption{padding:.4rem 0}}
@media not print{.paper{display:none!important}}
@page{margin:15mm 13mm 17mm;@bottom-left{font:8pt sans-serif;color:#4d5869}@bottom-right{content:"Page " counter(page) " of " counter(pages);font:8pt sans-serif;color:#4d5869}}
@media print{body{font-size:9.5pt;background:#fff}header,main,footer{max-width:none;padding:0}header{padding-top:0}a{color:inherit;text-decoration:none}
.screen,nav,.skip,.tools,.scroll:not(:has(tbody tr:not(.screen,[hidden]))){display:none!important}
.tools.active{display:block!important;border:0;padding:0;background:none}.tools.active label{display:none}
h1{font-size:20pt}h2{margin-top:8mm;padding-top:3mm;font-size:14pt}h3{font-size:10.5pt;margin:5mm 0 1mm}p{margin:1mm 0 2mm;max-width:none;orphans:3;widows:3}h2+p{break-inside:avoid}
#frameworks h2,#findings h2{break-before:page;border-top:0;margin-top:0;padding-top:0}
h2,h2+p,h3,h3+p,caption,.legend,.facts,thead{break-after:avoid}tr,.tiles li,.banner,.facts,.chart{break-inside:avoid}thead{display:table-header-group}
.tiles{gap:2mm;margin:3mm 0}.tiles li{padding:1.5mm 2.5mm}.tiles b{font-size:15pt}
.scroll{overflow:visible;margin:1mm 0 3mm}table{font-size:8pt;line-height:1.25}.scroll table{min-width:0}th,td{padding:.55mm 1.4mm}tbody th{min-width:27mm}td{min-width:18mm}th button{display:contents}th button::after{content:none!important}thead th{white-space:normal;border-bottom-width:1px}.small,.uid,.facts,.evidence,.mark,.severity{font-size:7.5pt}.mark,.severity{padding:0 1mm}
.requirements{table-layout:fixed}.requirements thead th{width:8%!important;white-space:nowrap}.requirements thead th:nth-child(1){width:14%!important}.requirements thead th:nth-child(2){width:46%!important}.requirements thead th:nth-child(3){width:9%!important}.requirements thead .n{padding-left:0;font-size:7pt}.requirements .paper{display:inline}.requirements .paper::before{content:"\\2003"}
.check{border-left:0;padding-left:0;margin:4mm 0}.check h3{margin:0}.check caption{display:none}.check table{table-layout:fixed}.check thead th:nth-child(1){width:29%!important}.check thead th:nth-child(2){width:13%!important}.check thead th:nth-child(3){width:46%!important}.check thead th:nth-child(4){width:12%!important}.facts{margin:.5mm 0 1mm}.facts div{gap:2mm}.facts dt{flex-basis:12mm}
.evidence{padding:0}.evidence li{display:inline}.evidence .paper::before{content:" \\00b7  "}.evidence li:nth-child(n+2):not(.paper){display:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
