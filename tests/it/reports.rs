//! Reports and handouts: pages that need nothing else, and texts that stay texts.

use std::collections::BTreeSet;
use std::path::Path;

use bilevel_files::Experiment;
use rstest::rstest;

use crate::program::ends_with;

/// A title and a label that would leave their place if they were markup.
const TITLE: &str = "</script><b>bold</b> & \"quoted\" 'x' ]]> <!--";
const LABEL: &str = "<img src=x onerror=alert(1)>";

/// The experiment with the title and the label of above.
fn experiment(folder: &Path) -> String {
    let file = folder.join("x.toml");
    let text = format!(
        "title = '''{TITLE}'''\nabout = '''{TITLE}'''\niterations = 30\n[problem]\nid = 'valleys'\n\
         [[method]]\nid = 'bome'\nlabel = '''{LABEL}'''\n[[method]]\nid = 'itd'\n\
         [view]\nquestion = '''{TITLE}'''\nanswer = 'Both stop at $x = 1$.'\n"
    );
    std::fs::write(&file, text).expect("it is written");
    file.to_str().expect("a plain path").to_owned()
}

/// The report of an experiment.
fn report(folder: &Path, file: &str) -> String {
    let out = folder.join("page.html");
    ends_with(
        0,
        &["report", file, "-o", out.to_str().expect("a plain path")],
    );
    std::fs::read_to_string(out).expect("the page is there")
}

/// The values of an attribute.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let before = format!("{attribute}=\"");
    let parts = page.split(&before[..]).skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

#[rstest]
fn texts_of_the_file_stay_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = report(folder.path(), &experiment(folder.path()));
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(!page.contains("<b>bold") && !page.contains("<img"));
    assert!(page.contains("<title>&lt;/script&gt;&lt;b&gt;bold&lt;/b&gt; &amp;"));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
}

#[rstest]
#[case("valleys")]
#[case("stackelberg")]
fn a_page_refers_to_nothing_but_itself(#[case] preset: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let page = report(folder.path(), preset);
    assert!(values(&page, "src").is_empty());
    let links = values(&page, "href");
    assert!(
        links
            .iter()
            .all(|link| link.starts_with('#') || link.starts_with("data:"))
    );
    assert_eq!(
        links
            .iter()
            .filter(|link| link.starts_with("data:"))
            .count(),
        1
    );
    for outside in [
        "@import", "url(h", "url(\"", "fetch(", "XMLHttp", "style=\"", " onclick",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-";
    assert!(page.contains(policy));
    // every name is one element's, and every reference has its element
    let ids = values(&page, " id");
    let names: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), names.len(), "names collide");
    let clips = page
        .split("url(#")
        .skip(1)
        .filter_map(|part| part.split(')').next());
    let uses = links.iter().filter_map(|link| link.strip_prefix('#'));
    for name in clips.chain(uses) {
        assert!(names.contains(name), "{name}");
    }
    // two figures, at several iterations, the last of which is shown without a script
    assert_eq!(page.matches("<figure>").count(), 2);
    assert!(page.contains("<g class=\"k on\" data-a=\"") && page.contains("class=\"scrub\""));
    let places = values(&page, "data-at")[0].split(' ').count();
    let last = (places - 1).to_string();
    for (end, class) in values(&page, "data-b")
        .into_iter()
        .zip(page.split("<g class=\"k").skip(1))
    {
        assert_eq!(class.starts_with(" on\""), end == last);
    }
}

#[rstest]
fn a_handout_has_two_pages_and_the_words_of_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = experiment(folder.path());
    let own = folder.path().join("own.pdf");
    let usual = folder.path().join("usual.pdf");
    for (file, out) in [(&file[..], &own), ("degenerate", &usual)] {
        let out_text = out.to_str().expect("a plain path");
        ends_with(0, &["handout", file, "--iterations", "30", "-o", out_text]);
        let bytes = std::fs::read(out).expect("the sheets are there");
        assert!(bytes.starts_with(b"%PDF-"));
        let has = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
        assert!(has(b"/Count 2") && !has(b"CreationDate"));
    }
    let text = std::fs::read_to_string(&file).expect("it is there");
    let read = Experiment::read("x.toml", &text).expect("it is right");
    assert_eq!(read.view.figure.question, TITLE);
    assert_eq!(Experiment::read("again", &read.write()), Ok(read.clone()));
    let long = text.replace("Both stop", &"long ".repeat(300));
    let refused = Experiment::read("x.toml", &long).expect_err("it is too long");
    assert!(refused.to_string().contains("answer"), "{refused}");
}

#[rstest]
#[case("report", "page.txt", ".html or .htm")]
#[case("report", "page", ".html or .htm")]
#[case("handout", "sheet.docx", ".pdf")]
fn a_document_with_another_ending_is_refused(
    #[case] command: &str,
    #[case] name: &str,
    #[case] endings: &str,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join(name);
    let words = ends_with(
        2,
        &[
            command,
            "valleys",
            "-o",
            out.to_str().expect("a plain path"),
        ],
    );
    assert!(words.contains(endings), "{words}");
    assert!(!out.exists());
}
