"""The version of the parser code. Raise it whenever the same bytes may now give another report.

History:
  1 first version;
  2 grids, bodies and labels read in one pass each;
  3 the lines of a PDF's tables from pdfium instead of pdfminer;
  4 all regions known, organs placed by them; the statutory day of departments; a text's hash without clocks;
  5 tables on pictures, figures out of pixels only where the sums confirm them, places of cells in pages and PDFs;
  6 rules of levels and plausible amounts, the day of publication as a check, unknown columns and tables;
  7 pages whose text stands in a script (gkmlpt), and answers of interfaces that hold a page's text;
  8 what is only compared with a table is no figure where there is none;
  9 a table of which only rows are left that two forms share belongs to the form of the tables beside it;
  10 a text with characters that stand for several (㈠) is read, where it failed;
  11 a row too many of a shared label; tables in files beside the report; pictures inside pages and Word files;
  12 forms of a province's own are told from the national one and joined over pages; spans a row too long; running heads go;
  13 sentences: the rows of the form of 2014, whose year a figure is, what a nought is about; offices (信访办) are departments;
  14 the office of a government counts its rules; headings of the flattened form of 2014 are no chapters;
  15 blank cells at the end of a workbook's row;
  16 a flag where days of publication disagree;
  17 one row of a PDF's table on the next page; a form that cannot be read is flagged;
  18 an unknown label in the first row of a table is recorded;
  19 headers of two tables are not taken for one; rows with more cells than columns are flagged;
  20 sentences and identity: staff, more noughts, kinds of papers are no answers, offices inside organs are no organs;
  21 digits run together with strokes and lost blanks; pictures inside MHTML, RTF and on a table's page; tables beside the report in one archive; Taiwan's wording in titles;
  22 a table that stands whole in a grid is not looked for elsewhere; only what is really nested too deep is cut;
  23 sentences: parts of a year, staff of each unit; doubled regions; a first line that is an organ; addresses;
  24 more than two hundred digits in a row are no row;
  25 a table is verified only when all of it is there; what two copies of a table say differently is null;
  26 pictures that a page loads late are seen, narrow ones are not;
  27 every organ of a joint report; a single paragraph is no body; regions that begin with 镇, 乡, 市;
  28 the form of 2014 whose units run into its figures;
  29 titles of dumps without line breaks, branches of national organs, school years, none of several applicants;
  30 readings of characters that hijacked domains write beside them;
  31 a government and its office;
  32 a row that its own sum contradicts decides nothing in another;
  33 sentences: what was granted; short names of banners and autonomous counties; sentences that may count something else are flagged;
  34 scope of names with brackets; repeated tables of one row;
  35 sentences: rates, differences, plans, several years and single months count nothing; Chinese numerals;
  36 sentences: applications newly received, others' publications;
  37 sentences: what stands in front of an answer; branches of national organs;
  38 what is hidden, struck out or raised; digits with a gap between them;
  39 counts that are not whole;
  40 a record (table four) with words in one of its cells;
  41 what only its list calls a report has to speak like one;
  42 sentences: round figures are flagged, chapters that say there was none, enumerations, what only sounds like none;
  43 sentences: none and some of the same thing are null and flagged;
  44 sentences: what was not done counts nothing, kinds of requests, who asks;
  45 digits of a PDF that a line goes through;
  46 runs of an RTF file that are hidden, struck out or raised;
  47 无 in the cells of a table without a header says nothing of its chapter; a page's number between rows is no row;
  48 what a reader does not see: stylesheets, Word styles, formats and hidden rows of workbooks, invisible text of PDFs; other years;
  49 a town is of the place that its page's 网站标识码 or its publisher names; what is called a table of statistics has one;
  50 columns of a header of their own; 元 in the form of 2014; figures struck out as a whole;
  51 figures of others, of plans, of several kinds; counts in hundreds; titles of a part of a year, of two years, of two organs;
  52 sentences: what stands below a heading of plans, own figures behind those of all, parts of a chapter;
  53 2008, whose year began in May;
  54 table four with its columns in another order or in another shape;
  55 sentences: figures of others, of other times and of plans alone are null and flagged; totals with what was carried over;
  56 pieces of a number that a stylesheet may hide which is not at hand; rules of screens, which rule outdoes which;
  57 Word files: codes of fields, alternatives, formulas and signs, tiny texts;
  58 workbooks: formats with conditions, fractions, dashes; cells struck out by their style; white and tiny digits;
  59 identity: two organs with a blank between them, the departments of an area, an organ founded in the year, a year out of sentences alone is flagged;
  60 CSV files; Markdown and lines of tabs or pipes that are all equally long are tables;
  61 OpenDocument texts; other OpenDocument files are no archives;
  62 RTF: looks are followed through groups and switches; RTF in UTF-8; 1. 13 is no 1.13;
  63 sentences: full-width colons and semicolons end clauses and sentences; what became of requests, more that is not the organ's own;
  64 money: the cell's unit wins, lines that contradict leave it null; columns of texts in another order; local forms in halves;
  65 PDF: digits painted over; watermarks in turned drawings;
  66 sentences: an office is not its government, several subjects, noughts of others;
  67 UTF-16 without a mark, JSONP, MHTML of workbooks; pieces in answers of interfaces;
  68 old Word files: the text of an earlier save is not read;
  69 forms on their side, in halves, with columns of years; the number of a page moves no row and no header;
  70 identity: several organs with blanks, what stands behind names; sentences: lawsuits with carried-over ones, some of the requests;
  71 a cell that cannot be read is no nought in a sum that places other figures;
  72 sentences: levels and villages as subjects, consultations among requests;
  73 PDF: digits that a comment strikes out, texts that a clip cuts away.
"""

PARSER_VERSION = "73"
