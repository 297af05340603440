/**
 * Sorting and filtering, where a browser runs it: everything is in the page and readable without. Reads and moves what
 * is there, and makes text only as text.
 */
export const SCRIPT = `(function(){'use strict';
function textOf(row,index){var cell=row.cells[index];return cell?cell.textContent.trim():''}
function valueOf(text){var plain=text.replace(/\\u2009/g,'');return /^-?\\d+(\\.\\d+)?( ?%)?$/.test(plain)?parseFloat(plain):text.toLowerCase()}
document.querySelectorAll('table.sortable').forEach(function(table){
 var heads=table.tHead.rows[0].cells;
 Array.prototype.forEach.call(heads,function(head,index){
  var label=head.textContent;if(!label)return;
  var button=document.createElement('button');button.type='button';button.textContent=label;head.textContent='';head.appendChild(button);
  button.addEventListener('click',function(){
   var down=head.getAttribute('aria-sort')==='ascending';
   Array.prototype.forEach.call(heads,function(other){other.removeAttribute('aria-sort')});
   head.setAttribute('aria-sort',down?'descending':'ascending');
   var body=table.tBodies[0];
   Array.prototype.slice.call(body.rows).sort(function(a,b){
    var x=valueOf(textOf(a,index)),y=valueOf(textOf(b,index));
    if(typeof x!==typeof y){x=String(x);y=String(y)}
    var order=x<y?-1:x>y?1:0;return down?-order:order;
   }).forEach(function(row){body.appendChild(row)});
  });
 });
});
var section=document.getElementById('findings');if(!section)return;
var checks=Array.prototype.slice.call(section.querySelectorAll('.check'));if(!checks.length)return;
var tools=document.createElement('form');tools.className='tools';tools.setAttribute('role','search');tools.setAttribute('aria-label','Filter findings');
function field(name,control){var label=document.createElement('label');label.textContent=name;label.appendChild(control);tools.appendChild(label);return control}
var search=field('Text (account, resource, check)',document.createElement('input'));search.type='search';
var status=field('Status',document.createElement('select'));
[['','All'],['FAILED','Failed'],['WAIVED','Accepted'],['UNKNOWN','Unknown'],['PASSED','Passed'],['NOT_APPLICABLE','Not applicable']].forEach(function(pair){var option=document.createElement('option');option.value=pair[0];option.textContent=pair[1];status.appendChild(option)});
var said=document.createElement('output');said.setAttribute('aria-live','polite');tools.appendChild(said);
checks[0].parentNode.insertBefore(tools,checks[0]);
function apply(){
 var words=search.value.toLowerCase().split(/\\s+/).filter(Boolean),shown=0;
 checks.forEach(function(check){
  var title=check.querySelector('h3').textContent.toLowerCase(),seen=0;
  Array.prototype.forEach.call(check.querySelectorAll('tr[data-status]'),function(row){
   var text=title+' '+row.textContent.toLowerCase();
   var is=(!status.value||row.getAttribute('data-status')===status.value)&&words.every(function(word){return text.indexOf(word)>=0});
   row.hidden=!is;if(is)seen+=1;
  });
  check.hidden=seen===0;shown+=seen;
 });
 var active=words.length>0||status.value!=='';
 tools.className=active?'tools active':'tools';
 said.textContent=shown+(shown===1?' finding':' findings')+' shown'+(active?', filtered by '+[search.value.trim(),status.value&&status.options[status.selectedIndex].textContent].filter(Boolean).join(', '):'');
}
tools.addEventListener('submit',function(event){event.preventDefault()});
search.addEventListener('input',apply);status.addEventListener('change',apply);
})();`;
