"""The promise is read aloud by the device's own voice, where it has one for the language."""

from playwright.sync_api import Page, expect

from tests.desk.nothing import nothing_on

VOICES = """
const spoken = []
Object.defineProperty(window, 'speechSynthesis', {value: {
  getVoices: () => [{lang: 'en-US', localService: true}, {lang: 'es-ES', localService: false}],
  addEventListener: () => {}, cancel: () => {}, speak: (one) => spoken.push(one.text),
}})
Object.defineProperty(SpeechSynthesisUtterance.prototype, 'voice', {set() {}})
window.spoken = spoken
"""
"""A device that speaks English by itself, and Spanish only through somebody's server."""


def test_it_is_read_aloud_and_no_server_is_given_the_words(sqlite_url: str, page: Page) -> None:
    page.add_init_script(VOICES)
    with nothing_on(sqlite_url) as nothing:
        page.goto(f"{nothing.browser.url}/desk")
        page.locator("[name='name']").fill("Riverside")
        page.locator("[name='languages'][value='es']").check()
        page.get_by_role("button", name="How it sounds now").click()
        aloud = page.get_by_role("button", name="Read it aloud")
        expect(aloud).to_have_count(1)
        aloud.click()
        words = page.locator("#sounds-en").inner_text()
        assert "Riverside" in words
        assert page.evaluate("window.spoken") == [words]
        page.close()


def test_without_a_voice_no_button_is_there(sqlite_url: str, page: Page) -> None:
    with nothing_on(sqlite_url) as nothing:
        page.goto(f"{nothing.browser.url}/desk")
        expect(page.get_by_role("button", name="How it sounds now")).to_be_visible()
        expect(page.get_by_role("button", name="Read it aloud")).to_have_count(0)
        page.close()
